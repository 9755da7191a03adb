// The page as a whole: the open tab in the address, light or dark, English for English browsers.
(() => {
  const root = document.getElementById("tabs");

  // --- the open tab stands in the address, and the back button goes to the one before ---------

  const buttonOf = (id) => document.getElementById(`tab-${id}-button`);
  const idOf = (button) => /^tab-(.+)-button$/.exec(button?.id ?? "")?.[1];
  const isTop = (button) => button.closest("#tabs") === button.closest(".tabs");
  const asked = () => new URLSearchParams(location.search).get("tab") ?? "chat";
  const addressOf = (id) => {
    const query = new URLSearchParams(location.search);
    if (id === "chat") query.delete("tab");
    else query.set("tab", id);
    const rest = query.toString();
    return location.pathname + (rest ? `?${rest}` : "");
  };
  const open = (id) => {
    const button = buttonOf(id);
    if (button && button.getAttribute("aria-selected") !== "true") button.click();
  };
  const noteOpened = () => {
    const button = [...document.querySelectorAll("#tabs [role=tab][aria-selected=true]")].find(isTop);
    const id = idOf(button);
    if (id && id !== asked()) history.pushState(null, "", addressOf(id));
  };
  addEventListener("popstate", () => open(asked()));
  open(asked());
  new MutationObserver(noteOpened).observe(root, {
    subtree: true,
    attributeFilter: ["aria-selected"],
  });

  // --- light and dark follow the browser until the user chooses --------------------------------

  const isDark = () => document.body.classList.contains("dark");
  const paint = (dark) => document.body.classList.toggle("dark", dark);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = localStorage.getItem("theme");
  if (chosen) paint(chosen === "dark");
  system.addEventListener("change", () => {
    if (!localStorage.getItem("theme")) paint(system.matches);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#theme")) return;
    paint(!isDark());
    localStorage.setItem("theme", isDark() ? "dark" : "light");
  });

  // --- what the plans say stays as it is; our own words are put into English -------------------

  if (!/^en\b/i.test(navigator.language)) return;
  document.documentElement.lang = "en";
  // The key is the Chinese wording; {} stands for what varies, in the same order.
  const exact = new Map();
  const patterns = [];
  for (const [chinese, english] of Object.entries(__ENGLISH__)) {
    if (!chinese.includes("{}")) {
      exact.set(chinese, english);
      continue;
    }
    const parts = chinese.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    patterns.push([new RegExp(`^${parts.join("(.*)")}$`, "s"), english]);
  }
  const inEnglish = (text) => {
    const bare = text.trim();
    if (!/[\u4e00-\u9fff]/.test(bare)) return null;
    if (exact.has(bare)) return text.replace(bare, () => exact.get(bare));
    for (const [pattern, english] of patterns) {
      const found = pattern.exec(bare);
      if (!found) continue;
      let next = 1;
      return english.replace(/\{\}/g, () => {
        const varying = found[next++];
        return inEnglish(varying) ?? varying;
      });
    }
    return null;
  };
  const FOREIGN =
    "[translate=no], .asked, .reply > p:not([class]), .reply li, .reply td, blockquote, textarea, style";
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const translateText = (node) => {
    if (node.parentElement?.closest(FOREIGN)) return;
    const english = inEnglish(node.data);
    if (english !== null) node.data = english;
  };
  // Another script may insist on its own wording; the two must not go on for ever.
  const tries = new WeakMap();
  const translateElement = (element) => {
    if (element.parentElement?.closest("[translate=no]")) return;
    const tried = (tries.get(element) ?? 0) + 1;
    tries.set(element, tried);
    if (tried > 50) return;
    for (const name of ATTRIBUTES) {
      const english = element.hasAttribute(name) ? inEnglish(element.getAttribute(name)) : null;
      if (english !== null) element.setAttribute(name, english);
    }
  };
  const translate = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return translateText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    translateElement(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const found = walker.currentNode;
      if (found.nodeType === Node.TEXT_NODE) translateText(found);
      else translateElement(found);
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else if (change.type === "characterData") translateText(change.target);
      else translateElement(change.target);
    }
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ATTRIBUTES,
  });
  translate(document.body);
  document.title = inEnglish(document.title) ?? document.title;
})();
