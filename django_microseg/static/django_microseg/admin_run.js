/* The page of a refresh that is under way: has some of the work done, shows how far it has come, and again. */
"use strict";
(function () {
  const box = document.querySelector(".microseg-progress");
  const bar = box.querySelector("progress");
  const words = document.getElementById("progress-words");
  const error = document.getElementById("progress-error");
  const isPost = box.dataset.method === "POST";
  const WAIT = 2000;

  function headers() {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    return isPost && token ? {"Accept": "application/json", "X-CSRFToken": token.value} : {"Accept": "application/json"};
  }

  function say(text) {
    error.textContent = text;
    error.hidden = !text;
  }

  async function advance() {
    let wait = WAIT;
    try {
      const answer = await fetch(box.dataset.advance, {method: box.dataset.method, headers: headers(), credentials: "same-origin"});
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const now = await answer.json();
      if (now.is_over) {
        window.location.reload();
        return;
      }
      bar.max = Math.max(now.total, 1);
      bar.value = now.done;
      words.textContent = now.words;
      say(now.error);
      wait = isPost && !now.is_idle ? 0 : WAIT;
    } catch (trouble) {
      say(box.dataset.trouble);
    }
    window.setTimeout(advance, wait);
  }

  advance();
})();
