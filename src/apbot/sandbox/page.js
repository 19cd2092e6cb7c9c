/*
 * The page of phones: an invented town's phones, side by side, each as its owner would see it.
 *
 * The page holds nothing of its own. What it shows is what /phones/events last said, and what
 * a visitor does is a POST whose effect comes back the same way; so two browsers open on one
 * town always agree. Texts are put in as text, never as markup: people type anything.
 */

const $ = (id) => document.getElementById(id);
const town = $("town");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const NETWORKS = { telegram: "Telegram", sms: "SMS", whatsapp: "WhatsApp" };
const SIDES = { provider: "Providers", css: "Children’s Support Service", parent: "Parents", other: "Others" };
const TICKS = {
  sent: ["i-one", "sent"],
  delivered: ["i-two", "delivered"],
  failed: ["i-failed", "not delivered"],
  waiting: ["i-waiting", "on its way"],
};

async function post(path, body = {}) {
  let said = "The phones do not answer. Is apbot still running?";
  try {
    const answer = await fetch(`/phones/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return true;
    said = `That did not go through (${answer.status}).`;
    const refused = await answer.json();
    if (typeof refused.error === "string") said = refused.error;
  } catch {
    // No answer, or one that is not JSON: the sentence above stands.
  }
  toast(said);
  return false;
}

function toast(sentence) {
  const note = make("p", "toast", sentence);
  note.dataset.testid = "toast";
  $("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeButton(name, text, testid, act) {
  const button = make("button", name, text);
  button.dataset.testid = testid;
  button.onclick = act;
  return button;
}

function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

function setIcon(svg, name) {
  const use = svg.firstElementChild;
  if (use.getAttribute("href") !== `#${name}`) use.setAttribute("href", `#${name}`);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setLabel(element, label, key = "") {
  element.setAttribute("aria-label", label);
  element.title = label + key;
}

// The back end sends local time with its offset. We keep the local figures as if they were UTC,
// so the visitor's own time zone cannot shift the town's.
const wall = (iso) => Date.parse(`${iso.slice(0, 19)}Z`) + 1000 * Number(/\.\d+/.exec(iso)?.[0] ?? 0);
const stamp = (ms) => new Date(ms).toUTCString(); // "Mon, 23 Nov 2026 09:30:00 GMT"
const time = (ms, end = 22) => stamp(ms).slice(17, end);
const spaced = (number) => number.replace(/^\+44(\d{4})(\d{6})$/, "0$1 $2");
const day = (ms) => `${stamp(ms).slice(0, 3)} ${Number(stamp(ms).slice(5, 7))} ${stamp(ms).slice(8, 11)}`;

const clock = { said: null, heardAt: 0, shown: 0, speed: 1, rate: 0, minute: "" };
const MOST_AHEAD = 1500; // real ms that we run on alone: the back end speaks each second

function hearClock(said) {
  const still = said.paused || said.speed === 0;
  const next = said.next ? wall(said.next) : null;
  const ms = wall(said.now);
  clock.rate = rateOf(said.speed, ms, performance.now() - clock.heardAt);
  clock.said = { ...said, paused: still, ms, next };
  clock.heardAt = performance.now();
  if (!still) clock.speed = said.speed;
  document.body.classList.toggle("still", still);
  $("pause").disabled = false;
  setIcon($("pause").firstElementChild, still ? "i-run" : "i-pause");
  setLabel($("pause"), still ? "Run the clock" : "Pause the clock", " (Space)");
  for (const button of $("speeds").children) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === clock.speed));
  }
  showNext(next);
  if (still || calm.matches) showClock();
}

/* How fast to run on alone. Its clock may stand for a while, at any speed, while work is done. */
function rateOf(speed, ms, took) {
  if (clock.said?.speed !== speed) return speed;
  if (took < 300) return clock.rate;
  return Math.min(speed, Math.max(0, (ms - clock.said.ms) / took));
}

function showNext(next) {
  const today = next !== null && day(next) === day(clock.said.ms);
  setText($("next-at"), next === null ? "" : `(${today ? "" : `${day(next).slice(0, 3)} `}${time(next)})`);
  $("next").disabled = next === null;
}

function showClock() {
  const { said, rate, shown } = clock;
  let ms = said.ms + Math.min(performance.now() - clock.heardAt, MOST_AHEAD) * rate;
  // What is due is done at its own moment: until then the town's clock stands there, and so do we.
  if (said.next !== null) ms = Math.min(ms, Math.max(said.ms, said.next));
  // A small correction backwards is waited out: a clock that steps back reads as broken.
  if (shown > ms && shown - ms < MOST_AHEAD * rate) ms = shown;
  clock.shown = ms;
  const now = time(ms, 25);
  if ($("time").dateTime === now) return;
  $("time").dateTime = now;
  $("time").replaceChildren(now.slice(0, 5), make("span", "", now.slice(5)));
  setText($("date"), `${day(ms)} ${stamp(ms).slice(12, 16)}`);
  if (clock.minute === now.slice(0, 5)) return;
  clock.minute = now.slice(0, 5);
  document.title = `${clock.minute} · Phones · apbot`;
  for (const phone of phones.values()) setText(phone.minute, clock.minute);
}

function beat() {
  if (clock.said && !clock.said.paused) showClock();
  if (calm.matches) setTimeout(beat, 500);
  else requestAnimationFrame(beat);
}

const setClock = (action, more = {}) => post("clock", { action, ...more });
$("pause").onclick = () => setClock(clock.said.paused ? "run" : "pause");
$("move").onclick = () => setClock("move", { minutes: 10 });
$("next").onclick = () => setClock("next");
for (const button of $("speeds").children) {
  button.onclick = () => setClock("speed", { speed: Number(button.dataset.speed) });
}

// `leads`: the row of phones follows the dialogue, until the visitor scrolls for themselves.
const story = { dialogues: [], playing: null, last: null, leads: false, ledAt: 0 };

function hearDialogues(dialogues) {
  const before = $("dialogue").value;
  story.dialogues = dialogues;
  const options = dialogues.map(({ name, title }) => new Option(title, name, false, name === before));
  $("dialogue").replaceChildren(...options);
  $("dialogue").disabled = $("play").disabled = dialogues.length === 0;
}

function hearPlaying(playing) {
  const before = story.playing;
  const begins = playing && (before?.name !== playing.name || playing.step < before.step);
  story.playing = playing;
  story.last = playing ?? story.last;
  if (begins) {
    story.leads = true;
    town.scrollTo({ left: 0 });
    $("dialogue").value = playing.name;
  }
  $("story").classList.toggle("playing", Boolean(playing));
  $("story").classList.toggle("amiss", Boolean(playing?.amiss));
  $("story").classList.toggle("underway", playing?.step === 0);
  $("stop").hidden = !playing;
  $("replay").hidden = Boolean(playing) || !story.last;
  const steps = Array.from({ length: playing?.of ?? 0 }, (_, n) => make("i", n < playing.step ? "done" : ""));
  $("steps").replaceChildren(...steps);
  setText($("caption"), tale());
}

function tale() {
  const { playing, last } = story;
  if (playing) return playing.caption || playing.title;
  if (!last) return "Each phone is as its owner sees it. Type or tap on any of them, or play a dialogue.";
  const over = last.step < last.of ? "You stopped" : "That was";
  return `${over} “${last.title}”. The day goes on: type or tap on any phone.`;
}

const play = (name) => post("play", { dialogue: name });
$("play").onclick = () => play($("dialogue").value);
$("replay").onclick = () => play(story.last.name);
$("stop").onclick = async () => {
  // The focus must not fall off the page with the button that vanishes.
  if (await post("stop")) $("play").focus();
};
$("dialogue").onchange = () => {
  const chosen = story.dialogues.find(({ name }) => name === $("dialogue").value);
  if (!story.playing && chosen) setText($("caption"), chosen.about);
};

const phones = new Map();
const PARTS = (
  "log chips type send newer answer unblock dark " +
  "minute dots sheet foot chat role where called cell"
).split(" ");

class Phone {
  constructor(said) {
    this.id = said.id;
    this.inView = false;
    this.follows = true; // the end of the messages, until its reader scrolls up
    this.below = 0;
    this.rows = new Map();
    this.known = null;
    this.answers = new Map();
    this.root = $("phone").content.cloneNode(true).firstElementChild;
    for (const name of PARTS) {
      this[name] = this.root.querySelector(`.${name}`);
    }
    this.input = this.root.querySelector("textarea");
    this.tab = makeButton("tab", undefined, `tab-${this.id}`, () => {
      story.leads = false;
      show(this);
    });
    this.name(said);
    this.setUnseen(said.unread ?? 0);
    this.listen();
  }

  name({ id, owner, role, side, network, address, bot }) {
    const { root, tab, input, send, dots, sheet } = this;
    const first = owner.split(" ")[0];
    const on = NETWORKS[network] ?? network;
    this.label = [owner, role].filter(Boolean).join(", ");
    this.owner = owner;
    root.classList.add(network);
    Object.assign(root.dataset, { testid: `phone-${id}`, network, side });
    root.setAttribute("aria-label", `${this.label}, ${side === "css" ? "CSS" : side}, ${on}`);
    root.querySelector("h2").textContent = owner;
    this.role.textContent = this.role.title = role;
    this.where.textContent = `${on} ${spaced(address)}`;
    root.querySelector(".face").textContent = initials(owner);
    this.called.replaceChildren(spaced(bot), make("small", "", network === "telegram" ? "Telegram bot" : on));
    this.minute.textContent = clock.minute;
    this.log.setAttribute("aria-label", `${first}’s messages`);
    input.dataset.testid = `input-${id}`;
    input.setAttribute("aria-label", `Type as ${owner}`);
    input.placeholder = network === "sms" ? "Text message" : "Message";
    send.dataset.testid = `send-${id}`;
    send.setAttribute("aria-label", `Send as ${owner}`);
    setIcon(send.firstElementChild, network === "sms" ? "i-up" : "i-send");
    sheet.id = `sheet-${id}`;
    dots.dataset.testid = `menu-${id}`;
    dots.setAttribute("aria-controls", sheet.id);
    setLabel(dots, `${first}’s phone: switch off, block`);
    for (const box of sheet.querySelectorAll("input")) box.dataset.testid = `${box.dataset.switch}-${id}`;
    tab.dataset.side = side;
    tab.append(make("span", "face", initials(owner)), make("span", "first", first), make("b", "badge"));
  }

  listen() {
    this.type.onsubmit = (event) => {
      event.preventDefault();
      this.say(this.input.value);
    };
    this.input.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.type.requestSubmit();
    };
    this.input.oninput = () => this.grow();
    this.log.onscroll = () => {
      const { scrollHeight, scrollTop, clientHeight } = this.log;
      this.follows = scrollHeight - scrollTop - clientHeight < 32;
      if (this.follows) this.setBelow(0);
    };
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.log);
    this.newer.onclick = () => {
      this.toEnd();
      this.log.focus({ preventScroll: true });
    };
    for (const box of this.sheet.querySelectorAll("input")) {
      box.onchange = () => this.flip(box.dataset.switch, box.checked);
    }
    this.unblock.onclick = () => this.flip("blocked", false, this.input);
    this.dark.querySelector("button").onclick = () => this.flip("off", false, this.input);
    watchMenu(this.dots, this.sheet);
  }

  post(what, body) {
    return post(`${encodeURIComponent(this.id)}/${what}`, body);
  }

  async say(text) {
    if (!text.trim() || this.type.ariaBusy === "true") return;
    this.type.ariaBusy = "true";
    const sent = await this.post("say", { text });
    this.type.ariaBusy = "false";
    if (!sent || this.input.value !== text) return;
    this.input.value = "";
    this.grow();
  }

  async tap(button, message, data) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    await this.post("tap", { message, data });
    button.ariaBusy = "false";
  }

  async flip(name, on, then) {
    const done = await this.post("switch", { [name]: on });
    if (!done) this.sheet.querySelector(`[data-switch=${name}]`).checked = !on;
    else if (then) requestAnimationFrame(() => then.focus());
  }

  grow() {
    this.input.style.height = "";
    if (this.input.value) this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 96)}px`;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.setBelow(0);
  }

  setBelow(count) {
    this.below = count;
    this.newer.hidden = count === 0;
    setText(this.newer.lastElementChild, `${count} new`);
  }

  setUnseen(count) {
    this.unseen = count;
    const badge = this.tab.lastElementChild;
    badge.hidden = count === 0;
    setText(badge, count > 9 ? "9+" : String(count));
    this.tab.setAttribute("aria-label", this.label + (count ? `, ${count} new` : ""));
  }

  setInView(inView) {
    this.inView = inView;
    this.tab.setAttribute("aria-current", String(inView));
    // Not what only passes by on the way to another phone.
    if (inView && this.unseen) setTimeout(() => this.inView && this.look(), 600);
  }

  look() {
    this.setUnseen(0);
    this.post("read");
  }

  /* Show what the back end says of this phone. `quietly` in a full state: nothing is news then. */
  hear(said, quietly) {
    this.inCast = said.cast;
    this.showSwitches(said);
    this.showChips(said);
    const fresh = this.known === null ? [] : said.messages.filter(({ id }) => !this.known.has(id));
    this.known = new Set(said.messages.map(({ id }) => id));
    const wasAtEnd = this.follows;
    this.showMessages(said.messages, quietly ? [] : fresh);
    for (const message of said.messages) this.showAnswer(message, quietly);

    const acted = fresh.some((message) => message.from === "owner");
    const news = fresh.filter((message) => message.from !== "owner" && message.state !== "failed");
    if (wasAtEnd || acted) this.toEnd();
    else if (news.length) this.setBelow(this.below + news.length);
    if (!this.inView && news.length) this.setUnseen(this.unseen + news.length);
    if (quietly || !fresh.length) return;
    lead(this, acted);
    if (!news.length) return;
    this.pulse();
    announce(this.owner, news.at(-1).text.slice(0, 160));
  }

  showSwitches({ off, blocked, network }) {
    for (const [name, on] of Object.entries({ off, blocked })) {
      this.sheet.querySelector(`[data-switch=${name}]`).checked = on;
    }
    this.dark.hidden = !off;
    this.chat.inert = this.foot.inert = off;
    this.type.hidden = blocked;
    this.unblock.hidden = !blocked;
    setText(this.unblock, network === "telegram" ? "Blocked · Unblock" : "Number blocked · Unblock");
  }

  showChips({ blocked, suggestions = [] }) {
    const key = JSON.stringify(suggestions);
    this.chips.hidden = blocked || suggestions.length === 0;
    if (key === this.chipsKey) return;
    this.chipsKey = key;
    const chips = suggestions.map((text) => makeButton("chip", text, "suggestion", () => this.say(text)));
    this.chips.replaceChildren(...chips);
  }

  showMessages(messages, fresh) {
    const rows = [];
    let before = "";
    for (const message of messages) {
      const on = message.at.slice(0, 10);
      if (on !== before) rows.push(this.row(`before ${message.id}`, on, () => dayRow(message.at)));
      before = on;
      rows.push(this.row(message.id, JSON.stringify(message), () => this.messageRow(message)));
      if (fresh.includes(message)) rows.at(-1).classList.add("new");
    }
    if (!rows.length) rows.push(this.row("none", "", () => make("li", "none", "No messages yet")));
    const keep = new Set(rows);
    for (const [key, { row }] of this.rows) {
      if (keep.has(row)) continue;
      if (row.contains(document.activeElement)) this.log.focus({ preventScroll: true });
      row.remove();
      this.rows.delete(key);
    }
    rows.forEach((row, n) => {
      if (this.log.children[n] !== row) this.log.insertBefore(row, this.log.children[n] ?? null);
    });
  }

  /* The element of one row, drawn anew only where it differs, and then with the focus it had. */
  row(key, signature, draw) {
    const before = this.rows.get(key);
    if (before?.signature === signature) return before.row;
    const row = draw();
    this.rows.set(key, { row, signature });
    if (!before) return row;
    const data = before.row.contains(document.activeElement) ? document.activeElement.dataset.data : null;
    before.row.replaceWith(row);
    if (data === null) return row;
    const again = [...row.querySelectorAll("button")].find((button) => button.dataset.data === data);
    (again ?? this.log).focus({ preventScroll: true });
    return row;
  }

  messageRow(message) {
    const { id, from, state } = message;
    const row = make("li", `m ${from} ${state ?? ""}`);
    Object.assign(row.dataset, { testid: "message", id, from });
    const bubble = make("div", "bubble");
    const words = make("p", "text");
    words.append(...linked(message.text));
    bubble.append(words, metaOf(message));
    row.append(bubble);
    if (message.buttons?.length) row.append(this.keyboard(message));
    return row;
  }

  keyboard(message) {
    const keys = make("div", "keyboard");
    for (const offered of message.buttons) {
      const line = make("div", "line");
      for (const { label, data } of offered) {
        const button = makeButton("", label, "button", () => this.tap(button, message.id, data));
        button.dataset.data = data;
        line.append(button);
      }
      keys.append(line);
    }
    return keys;
  }

  /* What a network shows for a moment over the chat when a button was tapped. */
  showAnswer({ id, answer }, quietly) {
    const before = this.answers.get(id);
    this.answers.set(id, answer);
    if (quietly || !answer || answer === before) return;
    setText(this.answer, answer);
    this.answer.hidden = false;
    clearTimeout(this.answerTimer);
    this.answerTimer = setTimeout(() => (this.answer.hidden = true), 3500);
  }

  pulse() {
    this.root.classList.remove("fresh");
    void this.root.offsetWidth; // so that the animation starts again
    this.root.classList.add("fresh");
    clearTimeout(this.pulseTimer);
    this.pulseTimer = setTimeout(() => this.root.classList.remove("fresh"), 2600);
  }
}

// "Gill Marsh" is GM.
const initials = (owner) => owner.replace(/^(\S)\S*(?:.*\s(\S)\S*)?$/, "$1$2").toUpperCase();

function dayRow(at) {
  const row = make("li", "date");
  row.append(make("span", "", day(wall(at))));
  return row;
}

function metaOf({ from, state, edited, at }) {
  const meta = make("span", "meta");
  if (state === "failed") meta.append(make("b", "", "not delivered"));
  if (edited) meta.append(make("span", "", "edited"));
  meta.append(make("span", "", time(wall(at))));
  // A text that the network has taken still waits for its phone; the owner's own is sent.
  const tick = TICKS[from === "bot" && state === "sent" ? "waiting" : state];
  if (!tick) return meta;
  const mark = make("span", "tick");
  mark.title = tick[1];
  mark.append(icon(tick[0]), make("span", "heard", tick[1]));
  meta.append(mark);
  return meta;
}

/* Addresses in a text become links, as phones do it. All else stays text. */
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/).map((piece, n) => {
    if (n % 2 === 0) return document.createTextNode(piece);
    const link = make("a", "", piece);
    link.href = piece;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}

function hearPhones(said) {
  const ids = new Set(said.map(({ id }) => id));
  if ([...phones.keys()].some((id) => !ids.has(id))) {
    town.replaceChildren();
    $("tabs").replaceChildren();
    phones.clear();
  }
  for (const phone of said) hearPhone(phone, true);
  arrange();
}

function hearPhone(said, quietly = false) {
  const known = phones.get(said.id);
  const phone = known ?? new Phone(said);
  if (!known) {
    phones.set(said.id, phone);
    town.append(phone.root);
    $("tabs").append(phone.tab);
    looking.observe(phone.root);
  }
  phone.hear(said, quietly);
  if (!known) arrange();
}

/* The phones of a dialogue stand first, in sight, side by side; the others keep their places. */
function arrange() {
  const sides = Object.keys(SIDES);
  const before = [...phones.values()];
  const cast = before.filter(({ inCast }) => inCast);
  cast.sort((one, other) => sides.indexOf(one.root.dataset.side) - sides.indexOf(other.root.dataset.side));
  const after = [...cast, ...before.filter(({ inCast }) => !inCast)];
  if (after.some((phone, n) => phone !== before[n])) {
    phones.clear();
    for (const phone of after) {
      phones.set(phone.id, phone);
      town.append(phone.root);
      $("tabs").append(phone.tab);
      if (phone.follows) phone.toEnd();
    }
  }
  labelSides();
}

/* The first phone of each side carries the side's name; its line runs on over the others. */
function labelSides() {
  let before = null;
  for (const { root } of phones.values()) {
    const { side } = root.dataset;
    if (side === before) delete root.dataset.label;
    else root.dataset.label = SIDES[side] ?? side;
    before = side;
  }
  offerTabs();
}

const offerTabs = () => document.body.classList.toggle("scrolls", town.scrollWidth > town.clientWidth);
new ResizeObserver(offerTabs).observe(town);

const looking = new IntersectionObserver(
  (entries) => {
    for (const { target, intersectionRatio } of entries) {
      const phone = [...phones.values()].find(({ root }) => root === target);
      phone?.setInView(intersectionRatio > 0.6);
    }
  },
  { root: town, threshold: [0, 0.6, 1] },
);

function show(phone) {
  const inline = town.clientWidth < 640 ? "center" : "nearest";
  phone.root.scrollIntoView({ inline, block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

/* Bring what happens into view: at once where somebody acted, else not before one could read. */
function lead(phone, acted) {
  if (!story.playing || !story.leads) return;
  const now = performance.now();
  if (!phone.inView && !acted && now - story.ledAt < 1800) return;
  story.ledAt = now;
  if (!phone.inView) show(phone);
}
for (const kind of ["pointerdown", "wheel"]) {
  town.addEventListener(kind, () => (story.leads = false), { passive: true });
}

// Several texts at one moment make one announcement, not each cutting off the last.
const unsaid = new Map();
function announce(owner, text) {
  unsaid.set(owner, text);
  if (unsaid.size > 1) return;
  setTimeout(() => {
    const each = [...unsaid].map(([name, words]) => `${name}: ${words}`);
    const to = unsaid.size > 3 ? [...unsaid.keys()].join(", ") : each.join(". ");
    setText($("heard"), `New message for ${to}`);
    unsaid.clear();
  }, 400);
}

function watchMenu(button, sheet) {
  button.onclick = () => {
    const opens = sheet.hidden;
    closeMenus();
    sheet.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
  };
}

function closeMenus() {
  for (const button of document.querySelectorAll(".menu > [aria-expanded=true]")) {
    button.setAttribute("aria-expanded", "false");
    button.nextElementSibling.hidden = true;
  }
}

for (const sheet of document.querySelectorAll(".tools .sheet")) {
  watchMenu(sheet.previousElementSibling, sheet);
}
for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => event.target.closest(".menu") || closeMenus());
}

const networks = [...document.querySelectorAll("input[data-network]")];
for (const box of networks) {
  box.onchange = async () => {
    const done = await post("networks", { network: box.dataset.network, down: box.checked });
    if (!done) box.checked = !box.checked;
    showNetworks();
  };
}

function showNetworks() {
  const down = networks.filter((box) => box.checked).map((box) => box.dataset.network);
  $("faults").previousElementSibling.classList.toggle("warned", down.length > 0);
  for (const { root, cell } of phones.values()) {
    const cut = down.includes(root.dataset.network === "telegram" ? "telegram" : "twilio");
    setIcon(cell, cut ? "i-cut" : "i-signal");
  }
}

// Keys without Ctrl or Alt can get in the way of speech input: they can be turned off.
$("listen").checked = localStorage.getItem("phones-keys") !== "off";
$("listen").onchange = () => localStorage.setItem("phones-keys", $("listen").checked ? "on" : "off");

const KEYS = {
  " ": () => $("pause"),
  n: () => $("next"),
  m: () => $("move"),
  p: () => (story.playing ? $("stop") : $("play")),
};
for (const n of [0, 1, 2, 3]) KEYS[n + 1] = () => $("speeds").children[n];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const on = event.target;
  if (event.key === "Escape") return leave(on);
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (stepFrom(on, event.key === "ArrowRight" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (!$("listen").checked || event.repeat || on.closest("input, textarea, select")) return;
  // Space on a button or a link is that button's own.
  if (event.key === " " && on.closest("button, a")) return;
  const button = KEYS[event.key.toLowerCase()]?.();
  if (!button) return;
  event.preventDefault();
  button.click();
});

function leave(on) {
  closeMenus();
  if (on.closest(".sheet")) on.closest(".menu").querySelector("button").focus();
  else if (on.matches("textarea")) on.closest(".phone").querySelector(".log").focus();
}

/* From phone to phone, keeping to the same part of it. A text being typed keeps its arrows. */
function stepFrom(on, by) {
  const all = [...phones.values()];
  const here = all.findIndex(({ tab, root }) => tab === on || root.contains(on));
  if (here < 0 || on.value || on.closest(".sheet")) return false;
  const to = all.at((here + by) % all.length);
  const { tab, input, dots, log, dark } = to;
  show(to);
  let part = log;
  if (on.matches(".tab")) part = tab;
  else if (on.matches(".dots")) part = dots;
  else if (!dark.hidden) part = dark.querySelector("button");
  else if (on.matches("textarea") && !to.type.hidden) part = input;
  part.focus({ preventScroll: true });
  return true;
}

const line = { source: null, heardAt: 0, wait: 1000 };
const LONGEST_SILENCE = 8000; // ms; the clock speaks each second, so the line is lost by then

function connect() {
  const source = new EventSource(`/phones/events${location.search}`);
  const on = (kind, hear) =>
    source.addEventListener(kind, (event) => {
      line.heardAt = performance.now();
      line.wait = 1000;
      $("lost").hidden = true;
      hear(JSON.parse(event.data));
    });
  line.source = source;
  line.heardAt = performance.now();
  on("state", hearState);
  on("phone", (phone) => hearPhone(phone));
  on("clock", hearClock);
  on("playing", hearPlaying);
  source.onerror = () => {
    $("lost").hidden = false;
    // The browser tries again by itself unless it was refused outright.
    if (source.readyState === EventSource.CLOSED) connectAgain();
  };
}

function connectAgain() {
  line.source?.close();
  line.source = null;
  $("lost").hidden = false;
  setTimeout(connect, line.wait);
  line.wait = Math.min(line.wait * 2, 10000);
}

function hearState(state) {
  clock.shown = 0;
  hearClock(state.clock);
  hearPhones(state.phones);
  hearDialogues(state.dialogues ?? []);
  hearPlaying(state.playing);
  for (const box of networks) box.checked = state.networks?.[box.dataset.network]?.down ?? box.checked;
  showNetworks();
  showClock();
}

setInterval(() => {
  if (line.source && performance.now() - line.heardAt > LONGEST_SILENCE) connectAgain();
}, 2000);

connect();
beat();
