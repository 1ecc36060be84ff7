/* A signature pad that keeps what was drawn.

   Points are kept in the coordinates of the canvas on which the first stroke was drawn. When the canvas changes its size
   (rotation, zoom) they are shown scaled, and new strokes are mapped back, so that all of them stay in one space. */

const PEN = { minWidth: 0.9, maxWidth: 2.8, minDistance: 2, throttle: 0 };

export class DrawingPad {
  /* limits: { strokes, points }; onChange is called after every change of the drawing. */
  constructor(SignaturePad, canvas, { limits, onChange }) {
    Object.assign(this, { canvas, limits, onChange, busy: false, size: null, shown: 0 });
    this.drawing = emptyDrawing();
    this.pad = new SignaturePad(canvas, { ...PEN, penColor: getComputedStyle(canvas).color });
    this.pad.addEventListener("beginStroke", () => { this.busy = true; });
    this.pad.addEventListener("afterUpdateStroke", () => { if (this.isFull()) { this.finish(); } });
    this.pad.addEventListener("endStroke", () => this.collect());
    new ResizeObserver(() => this.layout()).observe(canvas);
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.finish(); } });
    addEventListener("pagehide", () => this.finish());
    this.layout();
  }

  isEmpty() { return this.drawing.strokes.length === 0; }

  isFull() {
    const { strokes } = this.drawing;
    const inProgress = this.pad.toData().slice(this.shown).map((group) => group.points);
    return strokes.length >= this.limits.strokes || pointsIn(strokes) + pointsIn(inProgress) >= this.limits.points;
  }

  /* What the server is sent: "" when nothing is drawn. */
  text() {
    const { width, height, strokes } = this.drawing;
    return this.isEmpty() ? "" : JSON.stringify({ width, height, strokes });
  }

  restore(text) {
    const drawing = readDrawing(text);
    if (!drawing) { return; }
    this.drawing = drawing;
    this.show();
    this.onChange();
  }

  clear() {
    this.drawing = emptyDrawing();
    this.show();
    this.onChange();
  }

  /* A stroke that cannot end by itself (screen locked, tab hidden, page left, limit reached) ends here, and is kept. */
  finish() {
    if (!this.busy) { return; }
    this.collect();
    this.show();
  }

  /* Takes over the strokes that the pad has and the drawing has not. */
  collect() {
    this.busy = false;
    const fresh = this.pad.toData().slice(this.shown);
    this.shown += fresh.length;
    for (const group of fresh) { this.keep(group.points); }
    this.grow();
    this.onChange();
    if (this.isFull()) { this.pad.off(); }
  }

  /* Only what was visible: a stroke that leaves the canvas and comes back is two strokes. */
  keep(points) {
    let part = null;
    for (const point of points) {
      if (!this.isVisible(point)) { part = null; continue; }
      if (pointsIn(this.drawing.strokes) >= this.limits.points) { return; }
      if (!part) {
        if (this.drawing.strokes.length >= this.limits.strokes) { return; }
        this.drawing.strokes.push(part = []);
      }
      part.push(this.kept(point));
    }
  }

  isVisible({ x, y }) { return x >= 0 && y >= 0 && x <= this.size.width && y <= this.size.height; }

  kept({ x, y, time, pressure }) {
    const { scale, left, top } = this.view;
    const drawing = this.drawing;
    drawing.origin ??= time - drawing.last;
    drawing.last = Math.max(drawing.last, Math.round(time - drawing.origin)); // a clock may be set back
    return [hundredths((x - left) / scale), hundredths((y - top) / scale), drawing.last, hundredths(pressure)];
  }

  /* After a rotation a stroke may lie beside the first canvas: the kept area grows to hold it. */
  grow() {
    const { drawing, view } = this;
    const edge = { left: 0, top: 0, right: drawing.width, bottom: drawing.height };
    for (const [x, y] of drawing.strokes.flat()) {
      edge.left = Math.min(edge.left, x);
      edge.top = Math.min(edge.top, y);
      edge.right = Math.max(edge.right, x);
      edge.bottom = Math.max(edge.bottom, y);
    }
    drawing.width = edge.right - edge.left;
    drawing.height = edge.bottom - edge.top;
    if (!edge.left && !edge.top) { return; }
    for (const point of drawing.strokes.flat()) {
      point[0] = hundredths(point[0] - edge.left);
      point[1] = hundredths(point[1] - edge.top);
    }
    view.left += edge.left * view.scale;
    view.top += edge.top * view.scale;
  }

  /* Fits the canvas to its place on the page; what is drawn stays. */
  layout() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const ratio = Math.max(devicePixelRatio || 1, 1);
    if (!width || !height) { return; } // hidden behind the typed method
    if (this.size && this.size.width === width && this.size.height === height && this.size.ratio === ratio) { return; }
    if (this.busy) { this.collect(); }
    this.size = { width, height, ratio };
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.getContext("2d").scale(ratio, ratio);
    this.show();
  }

  /* Draws what is kept. off() and clear() also make the pad forget a stroke in progress and its pointer. */
  show() {
    this.busy = false;
    if (!this.size) { return; }
    const { drawing, size, pad } = this;
    if (this.isEmpty()) { Object.assign(drawing, { width: size.width, height: size.height }); }
    const scale = Math.min(size.width / drawing.width, size.height / drawing.height);
    const left = (size.width - drawing.width * scale) / 2;
    const top = (size.height - drawing.height * scale) / 2;
    this.view = { scale, left, top };
    pad.off();
    pad.clear();
    pad.fromData(drawing.strokes.map((stroke) => ({
      points: stroke.map(([x, y, t, p]) => ({ x: x * scale + left, y: y * scale + top, time: t + 1, pressure: p })),
    })));
    this.shown = drawing.strokes.length;
    if (!this.isFull()) { pad.on(); }
  }
}

/* origin: the pad's clock at time 0 of the drawing, known from the next point on. */
function emptyDrawing() { return { width: 0, height: 0, strokes: [], origin: null, last: 0 }; }

function readDrawing(text) {
  let found = null;
  try { found = JSON.parse(text); } catch { return null; }
  const sound = found && found.width > 0 && found.height > 0 && Array.isArray(found.strokes) && found.strokes.length
    && found.strokes.every((stroke) => Array.isArray(stroke) && stroke.length && stroke.every(isPoint));
  if (!sound) { return null; }
  const { width, height, strokes } = found;
  return { width, height, strokes, origin: null, last: Math.max(0, strokes.at(-1).at(-1)[2]) };
}

function isPoint(point) { return Array.isArray(point) && point.length === 4 && point.every(Number.isFinite); }

function pointsIn(strokes) { return strokes.reduce((sum, stroke) => sum + stroke.length, 0); }

function hundredths(value) { return Math.round(value * 100) / 100; }
