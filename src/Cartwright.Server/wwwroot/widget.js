// A shop's assistant on any page: <script src="https://your-server/widget.js" defer></script>
// Attributes of the tag: data-title, data-accent (a color), data-theme (light, dark, auto), data-product-url (with {id}), data-reply.
(() => {
  const tag = document.currentScript;
  const server = new URL(tag.src, location.href).origin;
  const settings = {
    title: tag.dataset.title ?? "Ask the shop",
    accent: tag.dataset.accent,
    theme: tag.dataset.theme,
    productUrl: tag.dataset.productUrl,
    reply: new URL(tag.dataset.reply ?? "/widget/reply", server).href,
  };
  const storageName = "cartwright-chat";
  const keptLines = 40;
  const placeholder = "Your question …";

  const style = `
    :host { --accent: #0b7285; --on-accent: #fff; --card: #fff; --text: #18212f; --muted: #556072; --line: #dfe3e9; --soft: #eef1f4; --field: #8791a1; all: initial; }
    :host([data-dark]) { --accent: #4cc3d9; --on-accent: #06222a; --card: #161d25; --text: #e7ecf2; --muted: #a1adbb; --line: #2a3440; --soft: #202933; --field: #6b7888; }
    * { box-sizing: border-box; font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    button { cursor: pointer; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .open { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; display: flex; align-items: center; gap: 8px; min-height: 48px; padding: 0 20px; border: 0; border-radius: 24px; background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / 24%); }
    .panel { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; display: grid; grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr); width: min(400px, calc(100vw - 32px)); height: min(600px, calc(100vh - 32px)); overflow: hidden; border: 1px solid var(--line); border-radius: 16px; background: var(--card); color: var(--text); box-shadow: 0 16px 48px rgb(0 0 0 / 24%); }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--line); }
    h2 { margin: 0; font-weight: 600; }
    .close { width: 40px; height: 40px; border: 0; border-radius: 8px; background: none; color: var(--muted); font-size: 20px; }
    .close:hover { background: var(--soft); color: var(--text); }
    .log { overflow-y: auto; display: flex; flex-direction: column; gap: 8px; padding: 16px; }
    .line { max-width: 88%; margin: 0; padding: 8px 12px; border-radius: 12px; background: var(--soft); overflow-wrap: anywhere; white-space: pre-line; }
    .line.mine { align-self: flex-end; background: var(--accent); color: var(--on-accent); }
    .line.problem { background: none; border: 1px solid var(--line); color: var(--muted); }
    .product { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; max-width: 88%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px; color: var(--text); text-decoration: none; }
    a.product:hover { border-color: var(--accent); }
    .product b { font-weight: 600; white-space: nowrap; }
    .next { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 16px 8px; }
    .next button { min-height: 32px; padding: 4px 12px; border: 1px solid var(--accent); border-radius: 16px; background: none; color: var(--accent); font-size: 14px; text-align: left; }
    .next button:hover { background: var(--soft); }
    form { display: flex; gap: 8px; padding: 8px 16px 16px; }
    input { flex: 1; min-width: 0; min-height: 40px; padding: 0 12px; border: 1px solid var(--field); border-radius: 8px; background: var(--card); color: var(--text); }
    input::placeholder { color: var(--muted); opacity: 1; }
    form button { min-height: 40px; padding: 0 14px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
    form button.voice { background: var(--soft); color: var(--text); }
    form button.voice[aria-pressed=true] { background: var(--accent); color: var(--on-accent); }
    form button:disabled { opacity: 0.6; cursor: default; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-reduced-motion: no-preference) { .line, .product { animation: come 160ms ease-out; } @keyframes come { from { opacity: 0; transform: translateY(4px); } } }
  `;

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  class Chat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) {
        return;
      }

      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      if (settings.accent && CSS.supports("color", settings.accent)) {
        this.style.setProperty("--accent", settings.accent);
      }

      this.opener = make("button", { className: "open", type: "button", textContent: settings.title });
      this.log = make("div", { className: "log", role: "log", tabIndex: 0 });
      this.log.setAttribute("aria-live", "polite");
      this.log.setAttribute("aria-label", "Conversation");
      this.next = make("div", { className: "next" });
      this.field = make("input", { name: "text", maxLength: 500, autocomplete: "off", placeholder });
      this.field.setAttribute("aria-label", "Your question");
      this.voice = make("button", { className: "voice", type: "button", textContent: "Speak", hidden: true });
      this.voice.setAttribute("aria-pressed", "false");
      this.send = make("button", { textContent: "Send" });
      this.form = make("form", {}, this.field, this.voice, this.send);
      const close = make("button", { className: "close", type: "button", textContent: "×" });
      close.setAttribute("aria-label", "Close the chat");
      this.panel = make("section", { className: "panel", hidden: true },
        make("header", {}, make("h2", { textContent: settings.title }), close), this.log, this.next, this.form);
      this.panel.setAttribute("role", "dialog");
      this.panel.setAttribute("aria-label", settings.title);
      root.append(this.opener, this.panel);

      this.opener.addEventListener("click", () => this.open());
      close.addEventListener("click", () => this.close());
      this.panel.addEventListener("keydown", event => event.key === "Escape" && this.close());
      this.form.addEventListener("submit", event => {
        event.preventDefault();
        this.ask(this.field.value.trim());
      });
      this.voice.addEventListener("click", () => this.speak());
      this.color();
      document.addEventListener("themechange", () => this.color());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.color());
      this.recall();
    }

    color() {
      const wanted = settings.theme ?? document.documentElement.dataset.theme ?? "auto";
      this.toggleAttribute("data-dark", wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches));
    }

    open() {
      this.panel.hidden = false;
      this.opener.hidden = true;
      this.keep({ isOpen: true });
      if (!this.log.childElementCount) {
        this.say("Hello! Ask me about products, prices, your basket, an order or delivery.");
      }

      this.field.focus();
      this.offerVoice();
    }

    close() {
      this.panel.hidden = true;
      this.opener.hidden = false;
      this.keep({ isOpen: false });
      this.opener.focus();
    }

    async ask(text) {
      if (!text || this.send.disabled) {
        return;
      }

      this.field.value = "";
      this.say(text, "mine");
      this.next.replaceChildren();
      this.send.disabled = true;
      try {
        const answer = await fetch(settings.reply, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ text, conversationId: this.conversation }),
        });
        if (!answer.ok) {
          throw new Error(answer.status === 409 ? "The shop's assistant is not trained yet." : answer.status === 429 ? "That was too quick; please wait a moment." : "The shop does not answer here at the moment.");
        }

        this.show(await answer.json());
      } catch (problem) {
        this.say(problem instanceof TypeError ? "The shop can't be reached." : problem.message, "problem");
      } finally {
        this.send.disabled = false;
        this.field.focus();
      }
    }

    show(reply) {
      this.conversation = reply.conversationId;
      this.say(reply.lines.join(" "));
      for (const product of reply.products) {
        this.card(product);
      }

      this.offer(reply.suggestions);
      this.keep({ suggestions: reply.suggestions });
      document.dispatchEvent(new CustomEvent("cartwright-basket", { detail: { units: reply.units } }));
    }

    offer(suggestions) {
      this.next.replaceChildren(...suggestions.map(text => {
        const button = make("button", { type: "button", textContent: text });
        button.addEventListener("click", () => this.ask(text));
        return button;
      }));
    }

    say(text, kind = "") {
      this.add(make("p", { className: `line ${kind}`, textContent: text }), { text, kind });
    }

    card(product) {
      const price = product.inStock ? product.price ?? "" : "sold out";
      const card = settings.productUrl
        ? make("a", { className: "product", href: settings.productUrl.replace("{id}", encodeURIComponent(product.id)) })
        : make("div", { className: "product" });
      card.append(make("span", { textContent: product.title }), make("b", { textContent: price }));
      this.add(card, { product });
    }

    add(element, line) {
      this.log.append(element);
      this.log.scrollTop = this.log.scrollHeight;
      if (!this.isRecalling) {
        this.keep({ lines: [...(this.kept.lines ?? []), line].slice(-keptLines) });
      }
    }

    /** Shows the microphone where the browser has one and the shop hears. */
    async offerVoice() {
      if (this.listen !== undefined || !(globalThis.AudioWorkletNode && navigator.mediaDevices?.getUserMedia)) {
        return;
      }

      this.listen = null;
      try {
        const { listen } = await (await fetch(`${server}/widget/voice`)).json();
        if (listen) {
          this.listen = new URL(listen, server.replace(/^http/, "ws")).href;
          this.voice.hidden = false;
        }
      } catch {
        // A shop that can't be reached says so at the first question.
      }
    }

    async speak() {
      if (this.microphone) {
        this.microphone.stop();
        return;
      }

      const { Microphone } = await import(`${server}/widget/microphone.js`);
      this.voice.setAttribute("aria-pressed", "true");
      this.microphone = new Microphone({
        address: this.listen,
        recorder: `${server}/widget/recorder.js`,
        heard: (text, isFinal) => {
          this.field.value = text;
          if (isFinal) {
            this.ask(text);
          }
        },
        ended: problem => {
          this.microphone = undefined;
          this.voice.setAttribute("aria-pressed", "false");
          this.field.placeholder = placeholder;
          if (problem) {
            this.say(problem, "problem");
          }
        },
      });
      await this.microphone.start();
      if (this.microphone) {
        this.field.placeholder = "Listening …";
      }
    }

    // The conversation goes on from page to page of one tab, and ends with it.
    get kept() {
      try {
        return JSON.parse(sessionStorage.getItem(storageName)) ?? {};
      } catch {
        return {};
      }
    }

    keep(change) {
      try {
        sessionStorage.setItem(storageName, JSON.stringify({ ...this.kept, conversation: this.conversation, ...change }));
      } catch {
        // A browser that keeps nothing: the conversation ends with the page.
      }
    }

    recall() {
      const kept = this.kept;
      this.conversation = kept.conversation;
      this.isRecalling = true;
      for (const line of kept.lines ?? []) {
        if (line.product) {
          this.card(line.product);
        } else {
          this.say(line.text, line.kind);
        }
      }

      this.isRecalling = false;
      this.offer(kept.suggestions ?? []);
      if (kept.isOpen) {
        this.panel.hidden = false;
        this.opener.hidden = true;
        this.log.scrollTop = this.log.scrollHeight;
        this.offerVoice();
      }
    }
  }

  customElements.define("cartwright-chat", Chat);
  document.body.append(document.createElement("cartwright-chat"));
})();
