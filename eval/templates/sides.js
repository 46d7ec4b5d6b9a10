const [find, which, count] = ["find", "which", "count"].map((id) => document.getElementById(id));
const cards = [...document.querySelectorAll("article")];

function narrow() {
  const text = find.value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards) {
    const fits = card.dataset.search.includes(text) && (!which.value || card.dataset.kinds.split(" ").includes(which.value));
    card.hidden = !fits;
    shown += fits;
  }
  count.textContent = `${shown} of ${cards.length} queries`;
}

find.addEventListener("input", narrow);
which.addEventListener("change", narrow);
narrow();
