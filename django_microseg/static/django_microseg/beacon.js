/* Tells the shop what happens on a page whose visitor has consented: sums of time, depth and clicks, never a trail.
   docs/beacon.md says which attributes it reads. */
"use strict";
(function () {
  const me = document.currentScript;
  if (!me || window.microseg || document.querySelector("[data-microseg-sensitive]")) return;

  const LONGEST_QUEUE = 200, BATCH = 25, PAUSE = 5000, MOST_BYTES = 60000;
  const HOVER = 0.3, SEEN = 1000, RAGE = { clicks: 3, within: 1000, radius: 30 }, DEAD = 2000, SCROLL_GAP = 150;
  const address = me.dataset.collect;
  const now = () => performance.now();
  const tenths = (seconds) => Math.round(seconds * 10) / 10;

  // ---- what is to be sent
  let queue = [], timer = 0, tries = 0, isOff = false, isSending = false;

  function id() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function track(name, properties) {
    if (isOff) return;
    queue.push({ name, id: id(), at: Date.now(), properties: properties || {}, page });
    queue = queue.slice(-LONGEST_QUEUE);
    if (queue.length >= BATCH) send();
    else if (!timer) timer = setTimeout(send, PAUSE);
  }

  /* The first events of the queue that saw the same page and fit into one request. */
  function batch() {
    const first = queue[0].page;
    let size = 0;
    const chosen = queue.slice(0, 100).filter((event) => {
      size += event.page === first ? JSON.stringify(event).length : MOST_BYTES;
      return size < MOST_BYTES;
    });
    return chosen.length ? chosen : queue.slice(0, 1);
  }

  function body(events) {
    const items = events.map(({ name, id, at, properties }) => ({ name, id, at, properties }));
    return JSON.stringify({ sent_at: Date.now(), page: events[0].page, events: items });
  }

  function forget(events) {
    queue = queue.filter((event) => !events.includes(event));
  }

  /* While the page is in sight. What the server cannot take now is sent again; what it will never take is dropped. */
  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (isSending || isOff || !queue.length) return;
    isSending = true;
    const events = batch();
    let wait = 0;
    try {
      const answer = await fetch(address, {
        method: "POST", body: body(events), keepalive: true, credentials: "same-origin", headers: { "Content-Type": "text/plain" },
      });
      if (answer.status === 429 || answer.status >= 500) wait = Number(answer.headers.get("Retry-After")) || 1;
      else {
        forget(events);
        tries = 0;
        if (answer.status === 403) stop();
      }
    } catch (trouble) {
      wait = 1;
    }
    isSending = false;
    if (wait) timer = setTimeout(send, 1000 * Math.min(60, Math.max(wait, 2 ** tries++)));
    else if (queue.length) timer = setTimeout(send, queue.length >= BATCH ? 0 : PAUSE);
  }

  /* When it goes out of sight nobody waits for an answer. */
  function sendLast() {
    while (queue.length && !isOff) {
      const events = batch();
      if (!navigator.sendBeacon(address, body(events))) return;
      forget(events);
    }
  }

  function stop() {
    isOff = true;
    queue = [];
  }

  // ---- where it happens
  let page = {}, product = null;

  function look() {
    page = { path: location.pathname, url: location.href, title: document.title, referrer: document.referrer };
    const shown = document.querySelector("[data-microseg-view]");
    product = shown && productOf(shown);
  }

  /* The product that an element is, or stands in. */
  function productOf(element) {
    const found = element.closest("[data-microseg-product]");
    if (!found) return null;
    let more = {};
    try {
      more = JSON.parse(found.dataset.microsegProperties || "{}");
    } catch (trouble) { /* the product's id is worth having alone */ }
    const list = found.closest("[data-microseg-list]");
    const position = Number(found.dataset.microsegPosition);
    return Object.assign({}, more, { product_id: found.dataset.microsegProduct },
      list ? { list_id: list.dataset.microsegList } : null, position ? { position } : null);
  }

  // ---- time in sight
  let since = 0, seen = 0, told = 0;

  function isInSight() {
    return document.visibilityState === "visible";
  }

  function count() {
    if (since) seen += now() - since;
    since = isInSight() ? now() : 0;
  }

  function tellDwell() {
    count();
    const seconds = tenths((seen - told) / 1000);
    if (seconds < 1) return;
    told = seen;
    track("page_dwelled", { dwell_seconds: seconds });
    if (product) track("product_dwelled", Object.assign({}, product, { dwell_seconds: seconds }));
  }

  // ---- scrolling: the deepest point, and how fast while it moved
  let depth = 0, way = 0, moving = 0, last = 0, lastAt = 0, isScrolled = false;

  addEventListener("scroll", () => {
    const at = now(), top = scrollY, height = document.documentElement.scrollHeight;
    if (at - lastAt < SCROLL_GAP) {
      moving += at - lastAt;
      way += Math.abs(top - last);
    }
    last = top;
    lastAt = at;
    depth = Math.max(depth, Math.min(100, Math.round((100 * (top + innerHeight)) / height)));
    isScrolled = true;
  }, { passive: true });

  function tellScroll() {
    if (!isScrolled) return;
    isScrolled = false;
    const said = { depth_percent: depth };
    if (moving) said.pixels_per_second = Math.round((1000 * way) / moving);
    track("page_scrolled", said);
  }

  // ---- resting on products and on the buttons that lead to buying
  const rests = new Map();
  let resting = null, restsSince = 0;

  function kindOf(element) {
    const control = element && element.closest && element.closest("[data-microseg-hover]");
    return control || (element && element.closest && element.closest("[data-microseg-product]:not([data-microseg-view])"));
  }

  function leave() {
    if (resting) rests.set(resting, (rests.get(resting) || 0) + (now() - restsSince) / 1000);
    resting = null;
  }

  document.addEventListener("pointerover", (event) => {
    const target = event.pointerType === "touch" ? null : kindOf(event.target);
    if (target === resting) return;
    leave();
    resting = target;
    restsSince = now();
  }, { passive: true });
  document.documentElement.addEventListener("pointerleave", leave, { passive: true });

  function tellRests() {
    const again = resting;
    leave();
    for (const [element, seconds] of rests) {
      const said = { hover_seconds: tenths(seconds) };
      if (seconds < HOVER) continue;
      const its = productOf(element);
      if (element.dataset.microsegHover) {
        track("control_hovered", Object.assign({ control: element.dataset.microsegHover }, its && { product_id: its.product_id }, said));
      } else track("product_hovered", Object.assign({}, its, said));
    }
    rests.clear();
    resting = again;
    restsSince = now();
  }

  // ---- clicks: what was chosen, and what was in vain
  let lastClick = null;

  function nameOf(element) {
    return element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "");
  }

  function tellTrouble(kind, element, number) {
    track("frustration_noticed", { kind, target: nameOf(element), clicks: number || 1 });
  }

  function choose(element) {
    const its = productOf(element), link = element.closest("a[href], button, [role=button], input[type=submit]");
    const promotion = element.closest("[data-microseg-promotion]");
    if (promotion && link) track("promotion_clicked", promotionOf(promotion));
    if (!its || !link || link.closest("[data-microseg-view]")) return;
    const place = element.closest("[data-microseg-recommendation]");
    if (place) track("recommendation_clicked", Object.assign(its, { placement: place.dataset.microsegRecommendation }));
    else if (link.matches("a[href]")) track("product_clicked", its);
  }

  function promotionOf(element) {
    const said = { promotion_id: element.dataset.microsegPromotion };
    if (element.dataset.microsegCreative) said.creative = element.dataset.microsegCreative;
    return said;
  }

  /* Several clicks at one spot within a moment are one burst of anger, told when it is over. */
  let burst = null;

  function watchAnger(event) {
    const at = now();
    const isNear = burst && Math.hypot(event.clientX - burst.x, event.clientY - burst.y) <= RAGE.radius;
    if (!isNear || at - burst.at > RAGE.within) {
      tellBurst();
      burst = { x: event.clientX, y: event.clientY, target: event.target, number: 0, timer: 0 };
    }
    burst.at = at;
    burst.number += 1;
    clearTimeout(burst.timer);
    burst.timer = setTimeout(tellBurst, RAGE.within);
  }

  function tellBurst() {
    if (burst && burst.number >= RAGE.clicks) tellTrouble("rage", burst.target, burst.number);
    burst = null;
  }

  /* A click on what looks as if it did something, after which nothing did. Links and forms lead elsewhere. */
  function watchDeath(event) {
    const control = event.target.closest("button, [role=button], a[href^='#']");
    if (!control || (control.form && control.type === "submit")) return;
    const before = changes, from = scrollY, where = location.href;
    setTimeout(() => {
      if (changes === before && scrollY === from && location.href === where && isInSight()) tellTrouble("dead", control);
    }, DEAD);
  }

  let changes = 0;
  new MutationObserver(() => { changes += 1; }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, characterData: true,
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    lastClick = { at: now(), element: event.target };
    choose(event.target);
    watchAnger(event);
    watchDeath(event);
  }, { passive: true, capture: true }); // before the page's own answer, so that it is seen

  function watchError() {
    if (lastClick && now() - lastClick.at < 1000) {
      tellTrouble("error", lastClick.element);
      lastClick = null;
    }
  }

  addEventListener("error", watchError);
  addEventListener("unhandledrejection", watchError);

  // ---- carts, where the page says which forms and buttons change them
  document.addEventListener("submit", (event) => {
    for (const [name, sign] of [["product_added", "microsegAdd"], ["product_removed", "microsegRemove"]]) {
      if (event.target.dataset && sign in event.target.dataset) {
        const quantity = Number(new FormData(event.target).get("quantity"));
        track(name, Object.assign({}, productOf(event.target), quantity ? { quantity } : null));
      }
    }
  });

  // ---- promotions in sight for a second, half of them at least
  const waits = new Map();
  const sight = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waits.get(target));
      if (isIntersecting) {
        waits.set(target, setTimeout(() => {
          if (!isInSight()) return;
          sight.unobserve(target);
          track("promotion_viewed", promotionOf(target));
        }, SEEN));
      }
    }
  }, { threshold: 0.5 });

  // ---- videos: seconds that really ran
  const videos = new Map();

  for (const kind of ["timeupdate", "playing", "pause", "ended"]) {
    document.addEventListener(kind, (event) => {
      const video = event.target, id = video.dataset && video.dataset.microsegVideo;
      if (!id) return;
      const state = videos.get(video) || { seconds: 0, at: video.currentTime };
      const passed = video.currentTime - state.at;
      if (kind === "timeupdate" && passed > 0 && passed < 2) state.seconds += passed;
      state.at = video.currentTime;
      videos.set(video, state);
      if (kind === "pause" || kind === "ended") tellVideos();
    }, true);
  }

  function tellVideos() {
    for (const [video, state] of videos) {
      if (state.seconds < 1) continue;
      const said = { video_id: video.dataset.microsegVideo, watched_seconds: tenths(state.seconds) };
      state.seconds = 0;
      if ("microsegReview" in video.dataset) track("video_review_viewed", Object.assign({}, productOf(video), said));
      else track("video_played", said);
    }
  }

  // ---- a page begins, goes out of sight, comes back, ends
  function begin() {
    seen = told = depth = way = moving = 0;
    isScrolled = false;
    look();
    since = 0;
    count();
    if ("views" in me.dataset) {
      track("page_viewed");
      if (product) track("product_viewed", product);
    }
    if (sight) for (const each of document.querySelectorAll("[data-microseg-promotion]")) sight.observe(each);
  }

  function tellAll() {
    tellBurst();
    tellDwell();
    tellScroll();
    tellRests();
    tellVideos();
  }

  document.addEventListener("visibilitychange", () => {
    if (isInSight()) count();
    else {
      tellAll();
      sendLast();
    }
  });
  addEventListener("pagehide", () => {
    tellAll();
    sendLast();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) begin();
  });

  /* For pages that change without loading: tell the old one's sums, and begin anew. */
  window.microseg = {
    track,
    page: () => {
      tellAll();
      begin();
    },
  };
  begin();
})();
