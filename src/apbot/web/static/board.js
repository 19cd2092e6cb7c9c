// The board's own script: what is live, and what need not load a page. Without it every page still
// works; it reads no secret, keeps nothing, and asks only our own server.
"use strict";

(() => {
  const body = document.body;
  const one = (what, within = document) => within.querySelector(what);
  const all = (what, within = document) => [...within.querySelectorAll(what)];

  // The time, which in the sandbox may be another one and run faster.
  let base = body.dataset.now ? Date.parse(body.dataset.now) : Date.now();
  let speed = Number(body.dataset.speed || 1);
  let taken = performance.now();
  const now = () => base + (performance.now() - taken) * speed;

  const long = (ms) => {
    const minutes = Math.floor(ms / 60000);
    if (minutes < 1) return "";
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (hours < 24) return rest && hours < 4 ? `${hours} h ${rest} min` : `${hours} h`;
    const days = Math.floor(hours / 24);
    return days === 1 ? "1 day" : `${days} days`;
  };

  const said = (time) => {
    const gone = now() - Date.parse(time.dateTime);
    const span = long(Math.abs(gone));
    if (time.dataset.as === "ago") return span ? `${span} ago` : "just now";
    if (gone > 0) return span ? `${span} ago` : "now";
    return span ? `in ${span}` : "now";
  };

  const tellTimes = () => {
    for (const time of all("time[data-as='ago'], time[data-as='until']")) {
      let beside = time.nextElementSibling;
      if (!beside || !beside.classList.contains("beside")) {
        beside = document.createElement("span");
        beside.className = "beside";
        time.after(beside);
      }
      const words = ` (${said(time)})`;
      if (beside.textContent !== words) beside.textContent = words;
    }
    const clock = one("[data-clock]");
    if (clock) {
      const shown = new Intl.DateTimeFormat("en-GB", {
        hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
      }).format(new Date(now()));
      if (clock.textContent !== shown) clock.textContent = shown;
    }
  };

  // What changed, row by row: what is not touched keeps its place, its focus and its open menus.
  const made = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html.trim();
    return box.content.firstElementChild;
  };

  // A row as the server made it, without what this script has added.
  const plain = (row) => {
    const bare = row.cloneNode(true);
    for (const beside of all(".beside", bare)) beside.remove();
    bare.classList.remove("changed");
    return bare;
  };

  const lay = (group, ids, rows) => {
    const list = one(`[data-group="${group}"]`);
    if (!list) return;
    const held = document.activeElement;
    let before = null;
    for (const id of ids) {
      let row = document.getElementById(id);
      const fresh = rows[id] ? plain(made(rows[id])) : null;
      if (fresh && !(row && fresh.isEqualNode(plain(row)))) {
        const keeps = row && row.contains(held) ? [...row.querySelectorAll("a,button")].indexOf(held) : -1;
        if (row) row.replaceWith(fresh);
        fresh.classList.add("changed");
        row = fresh;
        list.append(row);
        if (keeps >= 0) {
          const again = [...row.querySelectorAll("a,button")];
          (again[keeps] || again[0])?.focus();
        }
      }
      if (!row) continue;
      const place = before ? before.nextElementSibling : list.firstElementChild;
      if (row !== place) list.insertBefore(row, place);
      before = row;
    }
    for (const row of [...list.children]) if (!ids.includes(row.id)) row.remove();
    const count = one(`[data-count="${group}"]`);
    if (count) count.textContent = ids.length;
    const section = one(`[data-section="${group}"]`);
    if (section) section.hidden = ids.length === 0;
    // Whoever opened or shut a fold has the last word on it, and nobody's focus is folded away.
    const most = section?.dataset.most;
    if (most && !section.dataset.touched && !list.contains(document.activeElement)) {
      section.open = ids.length <= Number(most);
    }
  };
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("summary")?.parentElement;
    if (fold) fold.dataset.touched = "yes";
  });

  // Whoever cannot know does not say that all is well.
  const calm = () => {
    const pressing = one("[data-group=cases] > li, [data-group=act] > li, [data-silent]");
    one("[data-calm]").hidden = Boolean(pressing) || !one("[data-lost]").hidden;
  };

  const show = (board) => {
    if (board.over) { location.reload(); return; }
    one("[data-summary]").innerHTML = board.summary;
    for (const [group, ids] of Object.entries(board.order)) lay(group, ids, board.rows);
    calm();
    tellTimes();
  };

  if (body.dataset.live) {
    const lost = one("[data-lost]");
    const stream = new EventSource(body.dataset.live);
    stream.addEventListener("board", (event) => show(JSON.parse(event.data)));
    stream.addEventListener("time", (event) => {
      const told = JSON.parse(event.data);
      base = Date.parse(told.now);
      speed = told.speed;
      taken = performance.now();
      lost.hidden = true;
      calm();
      tellTimes();
    });
    stream.addEventListener("error", () => {
      lost.hidden = false;
      calm();
      // 204: signed out. The page itself then leads to the sign-in.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
    });
  }
  tellTimes();
  setInterval(tellTimes, 1000);

  // Forms whose answer comes by the stream: a tap leaves the page as it is.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-quiet]");
    if (!form || !body.dataset.live) return;
    event.preventDefault();
    for (const button of all("button", form)) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      one("[data-said]").innerHTML = one("[data-said]", page)?.innerHTML ?? "";
    } catch {
      form.submit();
    }
  });

  // Where is this child: the answer while the name is typed.
  const find = one("[data-find]");
  if (find) {
    const input = one("input[type=search]", find);
    const found = one("[data-found]", find);
    let asked = 0;
    let timer = 0;
    const ask = async () => {
      const turn = ++asked;
      if (input.value.trim().length < 2) { found.replaceChildren(); return; }
      const form = new URLSearchParams(new FormData(find));
      form.set("part", "1");
      try {
        const answer = await fetch(find.action, { method: "POST", body: form });
        if (answer.ok && turn === asked) { found.innerHTML = await answer.text(); tellTimes(); }
      } catch { /* the next letter asks again */ }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 180); });
    find.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); ask(); });
    document.addEventListener("keydown", (event) => {
      const types = event.target.closest("input, textarea, select");
      if (event.key === "/" && !types) { event.preventDefault(); input.focus(); }
      if (event.key === "Escape" && event.target === input) { input.value = ""; found.replaceChildren(); asked++; }
    });
  }

  // On the wall nobody scrolls: a page that is longer than the screen turns by itself.
  if (body.classList.contains("wall")) {
    setInterval(() => {
      const end = document.documentElement.scrollHeight - innerHeight;
      if (end < 40) return;
      const next = scrollY + innerHeight * 0.8;
      scrollTo({ top: scrollY >= end - 4 ? 0 : Math.min(next, end), behavior: "smooth" });
    }, 12000);
  }
})();
