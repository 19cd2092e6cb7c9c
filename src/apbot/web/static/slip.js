/*
 * The slip, quicker: a tap without a new page, and what colleagues tap meanwhile. Without this the
 * page's own forms do the same. For browsers of 2019 and later.
 */
(function () {
  "use strict";
  var EVERY = 5000;
  var here = location.pathname;
  var busy = false;

  function show(html, parts) {
    var next = new DOMParser().parseFromString(html, "text/html");
    parts.forEach(function (id) {
      var now = document.getElementById(id), then = next.getElementById(id);
      if (!now || !then) return;
      var held = document.activeElement && now.contains(document.activeElement) ? place(document.activeElement) : null;
      if (now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML;
      if (then.dataset.seen) now.dataset.seen = then.dataset.seen;
      var again = held && now.querySelector(held);
      if (again) again.focus({ preventScroll: true });
    });
    if (!next.getElementById("told")) location.reload();
  }

  // Where a button stands, so that focus comes back to it: its value changes with its mark.
  function place(button) {
    var line = button.closest("li"), group = button.parentElement;
    if (!line) return button.id ? "#" + button.id : null;
    var at = Array.prototype.indexOf.call(group.children, button) + 1;
    return "#" + line.id + " ." + group.className + " > :nth-child(" + at + ")";
  }

  function tell(words) {
    var told = document.getElementById("told");
    told.innerHTML = '<p class="kept no"></p>';
    told.firstChild.textContent = words;
  }

  document.addEventListener("submit", function (event) { event.preventDefault(); });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("form button");
    if (!button || busy) return;
    var form = button.form, box = form.elements.words;
    if (box && !box.value.trim()) { box.focus(); return; }
    var said = new URLSearchParams();
    said.append("once", form.elements.once.value);
    if (button.name) said.append(button.name, button.value);
    if (box) said.append("words", box.value);
    busy = true;
    button.setAttribute("aria-busy", "true");
    fetch(here, { method: "POST", body: said, credentials: "omit" }).then(function (answer) {
      return answer.text().then(function (html) {
        if (!answer.ok) { location.reload(); return; }
        if (box) box.value = "";
        show(html, ["told", "live"]);
      });
    }).catch(function () {
      tell("Not sent: no connection. Please tap again.");
    }).then(function () {
      busy = false;
      button.removeAttribute("aria-busy");
    });
  });

  setInterval(function () {
    var live = document.getElementById("live");
    if (!live || busy || document.hidden) return;
    fetch(here + "?seen=" + live.dataset.seen, { credentials: "omit" }).then(function (answer) {
      if (answer.status === 404) location.reload();
      if (answer.status !== 200) return;
      return answer.text().then(function (html) { if (!busy) show(html, ["live"]); });
    }).catch(function () {});
  }, EVERY);
})();
