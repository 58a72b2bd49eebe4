"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  const controls = byId("controls");
  const rows = [...list.children];
  const details = [...list.querySelectorAll("details")];

  byId("main").prepend(byId("summary")); // where it is seen, it is read

  // What a row is searched by, made when it is first needed.
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const findings = (row) => [...row.querySelectorAll(".finding")];
  const number = (row, name) => Number(row.dataset[name] || 0);

  const ids = new Set(rows.flatMap((row) => findings(row).map((finding) => finding.dataset.rule)));
  for (const id of [...ids].sort()) byId("rule").append(new Option(id, id));

  function filter() {
    const verdict = byId("verdict").value;
    const level = byId("level").value;
    const rule = byId("rule").value;
    const words = byId("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = (!verdict || row.classList.contains(verdict))
        && (!(level || rule) || findings(row).some((finding) => (!level || finding.classList.contains(level))
          && (!rule || finding.dataset.rule === rule)))
        && words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    byId("count").textContent = shown === rows.length ? `${shown} shown` : `${shown} of ${rows.length} shown`;
    byId("none").hidden = shown > 0;
  }

  const orders = {
    given: () => 0,
    rejected: (a, b) => b.classList.contains("reject") - a.classList.contains("reject"),
    errors: (a, b) => number(b, "errors") - number(a, "errors") || number(b, "warnings") - number(a, "warnings"),
    name: (a, b) => a.dataset.name.localeCompare(b.dataset.name),
    longest: (a, b) => number(b, "seconds") - number(a, "seconds"),
  };
  function sort() {
    const order = orders[byId("sort").value];
    list.append(...[...rows].sort((a, b) => order(a, b) || number(a, "index") - number(b, "index")));
  }

  async function copy(button, code) {
    let done = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    byId("said").textContent = done ? "The command was copied." : "The command is selected.";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }
  for (const box of list.querySelectorAll(".command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the fix of " + box.closest(".finding").dataset.rule);
    button.addEventListener("click", () => copy(button, box.querySelector("code")));
    box.append(button);
  }

  function openTarget() {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details");
    if (!around) return;
    around.open = true;
    target.scrollIntoView();
  }
  list.addEventListener("click", (event) => {
    const link = event.target.closest(".rules a");
    if (link) link.closest(".pair").querySelector("details").open = true;
  });
  addEventListener("hashchange", openTarget);

  const setAll = (open) => { for (const each of details) each.open = open; };
  byId("open").addEventListener("click", () => setAll(true));
  byId("close").addEventListener("click", () => setAll(false));
  let before = [];
  addEventListener("beforeprint", () => { before = details.map((each) => each.open); setAll(true); });
  addEventListener("afterprint", () => { details.forEach((each, i) => { each.open = before[i]; }); });

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => (event.target.id === "sort" ? sort() : filter()));
  controls.addEventListener("reset", () => setTimeout(() => { filter(); sort(); }));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    byId("text").focus();
  });
  controls.hidden = rows.length === 0;
  filter();
  openTarget();
})();
