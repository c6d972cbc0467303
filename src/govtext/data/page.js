// What both pages begin with: the facts that came along, two languages (it comes in Chinese), how an element is made.
const facts = JSON.parse(document.getElementById("facts").textContent);
let language = /^zh\b/i.test(navigator.language || "zh") ? 0 : 1;
const say = (key, n = "") => (facts.strings[key] || [key, key])[language].replace("{n}", n);

// An element: `properties` are its own, `data-s` and the like by setAttribute; text stays text.
function make(name, properties = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && !key.includes("-")) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}
