// Says which language the page speaks, and leads from a mark in an answer to its source.

document.documentElement.lang = "zh-CN";

const showGroup = (group) => {
  for (const other of group.parentElement.querySelectorAll(".source-group")) {
    other.style.display = other === group ? "block" : "none";
  }
};

const show = (id) => {
  const target = document.getElementById(id);
  if (!target) return;
  showGroup(target.closest(".source-group"));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
  target.focus({ preventScroll: true });
  target.classList.remove("flash");
  void target.offsetWidth; // restarts the animation
  target.classList.add("flash");
};

// Captured, because the page's <base> would turn "#…" into another address and load it.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a.cite, a.cite-all");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    show(link.getAttribute("href").slice(1));
  },
  true,
);

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
};
new MutationObserver(relabel).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["aria-label"],
});
relabel();
