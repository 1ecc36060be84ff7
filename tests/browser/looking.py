"""What a page may not do at any width, asked of the browser itself."""

# Every piece of text: is it inside the window, inside whatever clips it, and inside the box that is painted around it?
CUT = """() => {
  const wide = document.documentElement.scrollWidth;
  const found = wide > innerWidth ? [`the page is ${wide} px wide in a window of ${innerWidth}`] : [];
  const scrolls = (style) => /auto|scroll/.test(style.overflowX);
  const clips = (style) => /hidden|clip/.test(style.overflowX);
  const unseen = (style, box) => box.width <= 1 || box.height <= 1 || style.clipPath !== "none";
  const painted = (style) => style.borderLeftWidth !== "0px" && style.borderLeftStyle !== "none";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const ancestors = (element) =>
    element && element !== document.body ? [element, ...ancestors(element.parentElement)] : [];
  texts: while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) { continue; }
    if (parent.closest("select, option, textarea, script, style, noscript")) { continue; }
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    if (!boxes.length) { continue; }
    const left = Math.min(...boxes.map((box) => box.left));
    const right = Math.max(...boxes.map((box) => box.right));
    let inPaint = false;
    const around = ancestors(parent).map((element) => [getComputedStyle(element), element.getBoundingClientRect()]);
    if (around.some(([style, box]) => unseen(style, box))) { continue; }
    for (const [style, box] of around) {
      const outside = left < box.left - 1.5 || right > box.right + 1.5;
      const said = node.data.trim().slice(0, 60);
      const boxed = painted(style) && !inPaint && style.display !== "inline";
      if (outside && !scrolls(style) && (clips(style) || boxed)) {
        found.push(`${boxed ? "beside its box" : "cut"}: ${said}`);
        continue texts;
      }
      if (painted(style)) { inPaint = true; }
      if (scrolls(style)) { continue texts; }
    }
    const skip = parent.closest(".skip, #skip-to-content, .skip-to-content-link");
    const beyond = left < -1.5 || right > innerWidth + 1.5;
    if (beyond && !skip) { found.push(`beyond the window: ${node.data.trim().slice(0, 60)}`); }
  }
  return found;
}"""
# Sends a form as the page's own would: with its token, unless told otherwise.
SEND = """({ url, fields, token }) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url });
  const own = document.querySelector("[name=csrfmiddlewaretoken]");
  const all = Object.entries(fields).concat(token ? [["csrfmiddlewaretoken", own.value]] : []);
  for (const [name, value] of all) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}"""
