// What htmx cannot do: how long it is beside each time, a board that knows when it is not told any
// more, folds, two keys, and the wall. Without it every page still works; it reads no secret and
// keeps nothing.
"use strict";

(() => {
  const one = (what, within = document) => within.querySelector(what);
  const all = (what) => document.querySelectorAll(what);
  const on = (event, act) => document.addEventListener(event, act);

  // The time, which in the sandbox may be another one and run faster.
  let base = 0, speed = 1, heard = 0;
  const hear = () => {
    const told = one("[data-now]")?.dataset;
    base = told ? Date.parse(told.now) : Date.now();
    speed = Number(told?.speed || 1);
    heard = performance.now();
  };
  const now = () => base + (performance.now() - heard) * speed;

  const long = (ms) => {
    const minutes = Math.floor(ms / 60000);
    if (minutes < 60) return minutes < 1 ? "" : `${minutes} min`;
    const hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours < 24) return rest && hours < 4 ? `${hours} h ${rest} min` : `${hours} h`;
    const days = Math.floor(hours / 24);
    return days === 1 ? "1 day" : `${days} days`;
  };

  const said = (time) => {
    const gone = now() - Date.parse(time.dateTime);
    const span = long(Math.abs(gone));
    if (!span) return time.dataset.as === "ago" ? "just now" : "now";
    return gone > 0 || time.dataset.as === "ago" ? `${span} ago` : `in ${span}`;
  };

  const put = (where, words) => { if (where.textContent !== words) where.textContent = words; };

  const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

  const tellTimes = () => {
    for (const time of all("time[data-as='ago'], time[data-as='until']")) {
      if (!time.nextElementSibling?.matches(".beside")) {
        time.insertAdjacentHTML("afterend", '<span class="beside"></span>');
      }
      put(time.nextElementSibling, ` (${said(time)})`);
    }
    const clock = one("[data-clock]");
    if (clock) put(clock, hours.format(now()));
  };

  // A board hears the time every ten seconds. One that does not is not told of a child either.
  const lost = one("[data-lost]");
  const look = () => {
    if (lost && performance.now() - heard > 25000) lost.hidden = false;
    tellTimes();
  };
  hear();
  look();
  setInterval(look, 1000);
  // A piece that has no place on the page: whatever has come of the page, it is made anew.
  on("htmx:oobErrorNoTarget", () => location.reload());
  on("htmx:sseError", () => { lost.hidden = false; });
  on("htmx:sseClose", ({ detail }) => { if (detail.type === "message") location.reload(); });
  on("htmx:sseMessage", (event) => {
    if (event.detail.type === "time") {
      hear();
      lost.hidden = true;
    } else {
      fold();
    }
    tellTimes();
  });

  // Whoever opened or shut a fold has the last word on it, and nobody's focus is folded away.
  const fold = () => {
    for (const part of all("[data-most]")) {
      const rows = one("[data-group]", part);
      if (part.dataset.touched || rows.contains(document.activeElement)) continue;
      part.open = rows.children.length <= Number(part.dataset.most);
    }
  };
  on("click", (event) => {
    const part = event.target.closest("summary")?.parentElement;
    if (part) part.dataset.touched = "yes";
  });

  // A button that gets no answer in place is pressed as without a script. Whoever types, types on.
  const press = ({ detail: { elt } }) => { if (elt.matches("form:not([role=search])")) elt.submit(); };
  on("htmx:responseError", press);
  on("htmx:sendError", press);
  on("htmx:afterRequest", tellTimes);

  // A slash leads to the search, Escape empties it.
  const find = one(".board input[type=search]");
  if (find) on("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      find.focus();
    }
    if (event.key === "Escape" && event.target === find) {
      find.value = "";
      htmx.trigger(find, "input");
    }
  });

  // On the wall nobody scrolls: a page that is longer than the screen turns by itself.
  if (one("body.wall")) setInterval(() => {
    const end = document.documentElement.scrollHeight - innerHeight;
    if (end < 40) return;
    const next = scrollY + innerHeight * 0.8;
    scrollTo({ top: scrollY >= end - 4 ? 0 : Math.min(next, end), behavior: "smooth" });
  }, 12000);
})();
