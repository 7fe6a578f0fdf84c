// Lets a person choose the square of a new photo: moved and zoomed with mouse, fingers or keys. The server cuts it
// (profiles/pictures/crops.py). Without this script it chooses a sensible square.
"use strict";

const STEP = 0.03; // Of the square, for one press of an arrow key.
const MOST_ZOOM = 4;
const NUDGES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOMS = { "+": 1.1, "=": 1.1, "-": 1 / 1.1 };

class Cropper {
  constructor(place, input) {
    this.place = place;
    this.stage = place.querySelector(".cropper__stage");
    this.zoom = place.querySelector("input[type=range]");
    this.crop = place.querySelector("input[type=hidden]");
    this.canvases = [...place.querySelectorAll("canvas")];
    this.pointers = new Map();
    input.removeAttribute("data-preview"); // This shows more than the preview of app.js.
    input.addEventListener("change", () => this.open(input.files[0]));
    this.zoom.addEventListener("input", () => this.setSide(this.shorter / (this.zoom.value / 100)));
    this.stage.addEventListener("keydown", (event) => this.onKey(event));
    this.stage.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.onPointerDown(event));
    this.stage.addEventListener("pointermove", (event) => this.onPointerMove(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
  }

  async open(file) {
    this.crop.value = "";
    // What the browser cannot read, such as HEIC, the server may read; and it says in words what is wrong with a file.
    this.picture = file ? await createImageBitmap(file).catch(() => null) : null;
    this.place.hidden = !this.picture;
    if (!this.picture) return;
    const { width, height } = this.picture;
    this.shorter = Math.min(width, height);
    this.side = this.shorter;
    this.left = (width - this.side) / 2;
    this.top = height > width ? height / 3 - this.side / 2 : 0;
    this.move(0, 0);
  }

  // By so many pixels of the picture, within the picture.
  move(x, y) {
    this.left = Math.max(0, Math.min(this.picture.width - this.side, this.left + x));
    this.top = Math.max(0, Math.min(this.picture.height - this.side, this.top + y));
    this.zoom.value = Math.round((this.shorter / this.side) * 100);
    this.show();
  }

  // The middle stays where it is.
  setSide(side) {
    const before = this.side;
    this.side = Math.max(this.shorter / MOST_ZOOM, Math.min(this.shorter, side));
    this.move((before - this.side) / 2, (before - this.side) / 2);
  }

  show() {
    const { picture, left, top, side } = this;
    for (const canvas of this.canvases) {
      canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
    }
    const parts = [left / picture.width, top / picture.height, side / this.shorter];
    this.crop.value = parts.map((part) => part.toFixed(6)).join(",");
  }

  onKey(event) {
    const nudge = NUDGES[event.key];
    const zoom = ZOOMS[event.key];
    if (!nudge && !zoom) return;
    event.preventDefault();
    if (zoom) this.setSide(this.side / zoom);
    else this.move(nudge[0] * STEP * this.side, nudge[1] * STEP * this.side);
  }

  onWheel(event) {
    event.preventDefault();
    this.setSide(this.side * (event.deltaY > 0 ? 1.05 : 1 / 1.05));
  }

  onPointerDown(event) {
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
  }

  // One finger moves, two zoom: by how much their distance grows.
  onPointerMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.pointers.values()].find((each) => each.pointerId !== event.pointerId);
    this.pointers.set(event.pointerId, event);
    if (other) {
      const distance = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      this.setSide((this.side * distance(before)) / distance(event));
    } else {
      const scale = this.side / this.stage.clientWidth;
      this.move((before.clientX - event.clientX) * scale, (before.clientY - event.clientY) * scale);
    }
  }
}

const place = document.querySelector(".cropper");
const input = document.querySelector("input[type=file][data-crops]");
if (place && input) new Cropper(place, input);
