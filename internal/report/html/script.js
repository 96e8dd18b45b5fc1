"use strict";
// Filters the cards by severity and words, and opens all of them for printing.
(() => {
  const filter = document.getElementById("filter");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const boxes = [...filter.querySelectorAll("input[type=checkbox]")];
  const cards = [...document.querySelectorAll(".card")];
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const card of cards) {
      const matches = severities.has(card.dataset.severity) && words.every((word) => textOf(card).includes(word));
      card.hidden = !matches;
      if (matches) count += 1;
    }
    shown.textContent = count + " / " + cards.length;
    nothing.hidden = count > 0 || cards.length === 0;
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 120);
  });
  for (const box of boxes) box.addEventListener("change", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.hidden = cards.length === 0;
  apply();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
    closed = [];
  });
})();
