// Says which language the page speaks, leads from a mark in an answer to its source, and does what
// the tools below an answer say.

document.documentElement.lang = "zh-CN";

const showGroup = (group) => {
  for (const other of group.parentElement.querySelectorAll(".source-group")) {
    other.style.display = other === group ? "block" : "none";
  }
};

const show = (id) => {
  const target = document.getElementById(id);
  if (!target) return;
  viewer.close();
  showGroup(target.closest(".source-group"));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
  target.focus({ preventScroll: true });
  target.classList.remove("flash");
  void target.offsetWidth; // restarts the animation
  target.classList.add("flash");
};

const read = (card, from) => {
  showGroup(card.closest(".source-group"));
  viewer.open(card, from);
};

// What Gradio's own parts hear of: see BRIDGE_JS in parts.py.
const command = (id, detail) =>
  document
    .querySelector(`#${id} i`)
    .dispatchEvent(new CustomEvent("command", { bubbles: true, detail }));

// Writes an answer as plain text, with its marks and the sources that they stand for.
const asText = (reply, turn) => {
  const parts = [];
  for (const part of reply.children) {
    if (part.matches("p:not([class])")) parts.push(part.textContent);
    if (part.matches("p.approved, p.meant")) parts.push(`（${part.textContent}）`);
    for (const row of part.querySelectorAll?.("tr") ?? []) {
      parts.push([...row.cells].map((cell) => cell.textContent).join("\t"));
    }
  }
  const cards = [...document.querySelectorAll(`#a${turn} .card`)];
  const sources = cards.map((card) => {
    const said = ["h3", ".path", ".page"].map((name) => card.querySelector(name)?.textContent);
    const [title, path, page] = said;
    const where = [`《${title}》`, path, page].filter(Boolean).join("，");
    return `[${card.querySelector(".number").textContent}] ${where}：${card.querySelector("mark").textContent}`;
  });
  return parts.join("\n") + (sources.length ? `\n\n来源：\n${sources.join("\n")}` : "");
};

const copy = async (text) => {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  // Over plain HTTP from another machine browsers give no clipboard.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};

const useTool = async (tool) => {
  const [name, number] = tool.getAttribute("href").slice(1).split("-");
  if (name === "again") command("again", {});
  if (name === "approve") command("approve-command", { turn: number });
  if (name !== "copy") return;
  const label = tool.textContent;
  try {
    await copy(asText(tool.closest(".reply"), number));
    tool.textContent = "已复制";
  } catch {
    tool.textContent = "没能复制，请选中文字复制";
  }
  setTimeout(() => (tool.textContent = label), 2000);
};

const setDrawer = (isOpen) => {
  document.getElementById("list").classList.toggle("open", isOpen);
  document.getElementById("drawer").setAttribute("aria-expanded", String(isOpen));
  document.getElementById(isOpen ? "drawer-close" : "drawer").focus({ preventScroll: true });
};

// Captured, because the page's <base> would turn "#…" into another address and load it.
document.addEventListener(
  "click",
  (event) => {
    const clicked = event.target.closest?.("a.cite, a.cite-all, a.tool, button.read");
    if (clicked) {
      event.preventDefault();
      event.stopPropagation();
      const id = clicked.getAttribute("href")?.slice(1);
      if (clicked.matches("a.tool")) useTool(clicked);
      else if (clicked.matches("button.read")) read(clicked.closest(".card"), clicked);
      else if (clicked.matches("a.cite") && document.getElementById(id)) {
        read(document.getElementById(id), clicked);
      } else show(id);
      return;
    }
    if (event.target.closest?.("#drawer")) setDrawer(true);
    if (event.target.closest?.("#drawer-close, #conversations .open")) {
      if (document.querySelector("#list.open")) setDrawer(false);
    }
  },
  true,
);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector("#list.open")) setDrawer(false);
  // A link that acts as a button: the space bar works it too.
  if (event.key === " " && event.target.matches?.("a.tool")) {
    event.preventDefault();
    event.target.click();
  }
});

// Gradio labels its chat in English, and each message with its own markup read aloud.
const relabel = () => {
  document.querySelector("#chat [role=log]:not([aria-label=对话])")?.setAttribute("aria-label", "对话");
  for (const message of document.querySelectorAll("#chat [data-testid][aria-label*=message]")) {
    message.removeAttribute("aria-label");
  }
  // Its thumbs speak the browser's language; the down one comes first.
  for (const buttons of document.querySelectorAll("#chat .message-buttons")) {
    ["没有帮助", "有帮助"].forEach((name, place) => {
      const button = buttons.querySelectorAll("button")[place];
      if (!button || button.ariaLabel === name) return;
      button.ariaPressed = /^(Liked|Disliked)$/.test(button.ariaLabel);
      button.ariaLabel = button.title = name;
    });
  }
  for (const example of document.querySelectorAll("#chat .example[aria-label]")) {
    example.removeAttribute("aria-label");
  }
  // Only the last question can be asked again.
  const replies = [...document.querySelectorAll("#chat .reply")];
  replies.forEach((reply, place) => {
    const isLast = place === replies.length - 1;
    if (reply.classList.contains("last") !== isLast) reply.classList.toggle("last", isLast);
  });
};
new MutationObserver(relabel).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["aria-label"],
});
relabel();
