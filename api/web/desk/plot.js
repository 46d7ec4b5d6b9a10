/** Plots of the desk, drawn as SVG: parts of a whole by day. Every number of them stands in a table beside. */

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 720, HEIGHT = 200, LEFT = 64, BOTTOM = 24;

function s(tag, props, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** rows: [label, {name: value ≥ 0}]; names: in which order they are piled. */
export function piled(title, rows, names, write) {
  const sums = rows.map(([, parts]) => names.reduce((sum, name) => sum + (parts[name] ?? 0), 0)), most = Math.max(...sums, 0) || 1;
  const step = (WIDTH - LEFT) / rows.length, tall = HEIGHT - BOTTOM - 8;
  const bars = rows.flatMap(([label, parts], at) => {
    let top = HEIGHT - BOTTOM;
    return names.map((name) => {
      const part = ((parts[name] ?? 0) / most) * tall;
      top -= part;
      return s("rect", { class: `of-${name}`, x: LEFT + at * step + step * 0.12, y: top, width: step * 0.76, height: part }, s("title", {}, `${label} ${write(parts[name] ?? 0)}`));
    });
  });
  const every = Math.ceil(rows.length / 8);
  return s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "plot" },
    ...[0, 0.5, 1].flatMap((part) => { const y = HEIGHT - BOTTOM - part * tall; return [s("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y }), s("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, write(most * part))]; }),
    ...bars,
    ...rows.map(([label], at) => (at % every ? "" : s("text", { x: LEFT + (at + 0.5) * step, y: HEIGHT - 7, "text-anchor": "middle" }, label))));
}
