// The source beside the answer: the section around a citation or the whole text, the page of a PDF
// with the words marked, and the way to the next citation.
const viewer = (() => {
  const box = () => document.querySelector("#viewer .html-container > div, #viewer");
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };
  const button = (label, act, more = {}) => {
    const element = make("button", { type: "button", ...more }, label);
    element.addEventListener("click", act);
    return element;
  };
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  let asked = 0; // The last citation asked for: an answer that comes late is for none.
  let opener = null;

  const fetchJson = async (address) => {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    const found = await response.json().catch(() => ({}));
    const said = /[\u4e00-\u9fff]/.test(found.detail) ? found.detail : "现在打不开原文。";
    if (!response.ok) throw new Error(said);
    return found;
  };

  const close = () => {
    asked += 1;
    document.getElementById("sources").classList.remove("reading");
    box().replaceChildren();
    opener?.focus({ preventScroll: true });
    opener = null;
  };

  const open = async (card, from) => {
    if (from) opener = from;
    const mine = (asked += 1);
    const { plan, start, end } = card.dataset;
    const quote = card.querySelector("mark").textContent;
    const frame = head(card);
    document.getElementById("sources").classList.add("reading");
    box().replaceChildren(frame);
    frame.focus({ preventScroll: true });
    const body = frame.querySelector(".body");
    body.append(make("p", { class: "hint", role: "status" }, "正在打开原文…"));
    try {
      const source = await fetchJson(`api/sources/${encodeURIComponent(plan)}?start=${start}&end=${end}`);
      if (mine !== asked) return;
      const there = source.text.slice(start - source.from, end - source.from);
      if (shapeless(there) !== shapeless(quote)) throw new Error("文件在回答之后更新过，这段引文已不在原处。");
      fill(frame, source, card.dataset);
    } catch (error) {
      if (mine !== asked) return;
      body.replaceChildren(
        make("p", { class: "hint", role: "alert" }, `${error.message.replace(/。$/, "")}；下面是回答时引用的原文。`),
        make("div", { class: "text", tabindex: "0", translate: "no" }, make("mark", {}, quote)),
      );
    }
  };

  // The page leaves out what has no shape (see render.escape), and browsers read line ends alike.
  const shapeless = (text) => text.replace(/[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");

  const head = (card) => {
    const cards = [...card.closest(".source-group").querySelectorAll(".card")];
    const place = cards.indexOf(card);
    const step = (by, label) =>
      button(label, () => open(cards[place + by]), {
        disabled: !cards[place + by],
        "aria-label": by < 0 ? "上一条来源" : "下一条来源",
      });
    const title = card.querySelector("h3").textContent;
    return make(
      "section",
      { class: "viewer", tabindex: "-1", "aria-label": `原文：${title}` },
      make(
        "div",
        { class: "steps" },
        button("‹ 返回", close, { class: "back", "aria-label": "返回来源列表" }),
        make("span", { "aria-live": "polite" }, `来源 ${place + 1} / ${cards.length}`),
        step(-1, "↑"),
        step(1, "↓"),
      ),
      make("h3", { translate: "no" }, title),
      make("p", { class: "where" }),
      make("div", { class: "ways" }),
      make("div", { class: "body" }),
    );
  };

  const fill = (frame, source, citation) => {
    const page = source.page ? `第 ${source.page} 页` : "";
    const where = [source.address, page].filter(Boolean).join(" · ");
    const path = source.path.join(" › ");
    frame.querySelector(".where").replaceChildren(
      make("b", {}, where),
      where ? " " : "",
      make("span", { translate: "no" }, path),
    );
    const ways = frame.querySelector(".ways");
    const show = (way) => {
      for (const one of ways.querySelectorAll("[aria-pressed]")) {
        one.setAttribute("aria-pressed", String(one.dataset.way === way));
      }
      if (way === "page") showPage(frame, source, citation, source.page);
      else showText(frame, source, citation, way === "whole");
    };
    const way = (name, label) =>
      button(label, () => show(name), { "data-way": name, "aria-pressed": "false" });
    const whole = source.text.length < source.length;
    ways.append(
      ...(source.has_image ? [way("page", "原页")] : []),
      way("section", whole ? "本节" : "全文"),
      ...(whole ? [way("whole", "展开全文")] : []),
      source.missing
        ? make("span", { class: "hint" }, source.missing)
        : make(
            "a",
            { href: `api/sources/${citation.plan}/original`, target: "_blank", rel: "noopener" },
            "打开原文",
          ),
    );
    show(source.has_image ? "page" : "section");
  };

  const showText = (frame, source, citation, isWhole) => {
    const text = make("div", { class: "text", tabindex: "0", "aria-label": "原文文字", role: "region" });
    const start = citation.start - source.from;
    const end = citation.end - source.from;
    const mark = make("mark", {}, source.text.slice(start, end));
    const near = make("div", { translate: "no" }, source.text.slice(0, start), mark, source.text.slice(end));
    const last = source.from + source.text.length;
    if (isWhole) text.append(...pieces(0, source.from, source, citation, text));
    text.append(near);
    if (isWhole) text.append(...pieces(last, source.length, source, citation, text));
    frame.querySelector(".body").replaceChildren(text);
    bring(text, mark);
  };

  // A long plan comes piece by piece, each as it nears the view.
  const pieces = (first, last, source, citation, root) => {
    const made = [];
    const watch = new IntersectionObserver(
      (seen) => {
        for (const { isIntersecting, target } of seen) {
          if (!isIntersecting) continue;
          watch.unobserve(target);
          const { from, to } = target.dataset;
          fetchJson(`api/sources/${citation.plan}/text?start=${from}&end=${to}`)
            .then(({ text }) => {
              target.textContent = text;
              target.style.minHeight = "";
            })
            .catch((error) => (target.textContent = error.message));
        }
      },
      { root, rootMargin: "800px" },
    );
    for (let from = first; from < last; from += source.piece) {
      const to = Math.min(last, from + source.piece);
      const piece = make("div", { class: "piece", translate: "no", "data-from": from, "data-to": to });
      // About what it will take: 30 characters a line of 25 pixels.
      piece.style.minHeight = `${Math.ceil((to - from) / 30) * 25}px`;
      watch.observe(piece);
      made.push(piece);
    }
    return made;
  };

  const showPage = async (frame, source, citation, number) => {
    const body = frame.querySelector(".body");
    const mine = asked;
    body.replaceChildren(make("p", { class: "hint", role: "status" }, "正在显示这一页…"));
    const { plan, start, end } = citation;
    try {
      const page = await fetchJson(`api/sources/${plan}/page/${number}?start=${start}&end=${end}`);
      if (mine !== asked) return;
      const turn = (by, label) =>
        button(label, () => showPage(frame, source, citation, number + by), {
          disabled: number + by < 1 || number + by > source.pages,
        });
      const sheet = make(
        "div",
        { class: "sheet" },
        make("img", { src: `data:image/png;base64,${page.image}`, alt: `原文第 ${number} 页` }),
      );
      for (const [left, top, width, height] of page.boxes) {
        const spot = make("span", { class: "spot" });
        spot.style.cssText = `left:${left}%;top:${top}%;width:${width}%;height:${height}%`;
        sheet.append(spot);
      }
      const found = page.boxes.length || number !== source.page;
      const view = make("div", { class: "text", tabindex: "0", "aria-label": `第 ${number} 页`, role: "region" }, sheet);
      body.replaceChildren(
        make("p", { class: "turns" }, turn(-1, "上一页"), `第 ${number} / ${source.pages} 页`, turn(1, "下一页")),
        ...(found ? [] : [make("p", { class: "hint", role: "status" }, "这一页上没能标出引文，请看“本节”的文字。")]),
        view,
      );
      const spot = sheet.querySelector(".spot");
      await sheet.querySelector("img").decode().catch(() => {});
      if (spot) bring(view, spot);
    } catch (error) {
      if (mine === asked) body.replaceChildren(make("p", { class: "hint", role: "alert" }, error.message));
    }
  };

  const bring = (scroller, target) => {
    const offset = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTo({
      top: scroller.scrollTop + offset - scroller.clientHeight / 3,
      behavior: calm() ? "auto" : "instant",
    });
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector("#sources.reading")) close();
  });
  return { open, close };
})();
