// <live-run>: listens to a run's events and takes the newer parts of its page when something happened.
const quietMilliseconds = 700;

class LiveRun extends HTMLElement {
  connectedCallback() {
    this.events = new EventSource(this.dataset.events);
    const renewSoon = () => this.renewSoon();
    this.events.onmessage = renewSoon;
    for (const name of this.dataset.names.split(" ")) {
      this.events.addEventListener(name, renewSoon);
    }
  }

  disconnectedCallback() {
    this.events?.close();
  }

  renewSoon() {
    this.timer ??= setTimeout(async () => {
      this.timer = undefined;
      await this.renew();
    }, quietMilliseconds);
  }

  async renew() {
    const answer = await fetch(location.href);
    if (!answer.ok) {
      return;
    }

    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("live-run");
    if (!fresh) {
      this.events.close();
      location.reload();   // The run has ended: its page says more now than its parts can.
      return;
    }

    for (const part of fresh.querySelectorAll("[data-part]")) {
      const mine = this.querySelector(`[data-part="${part.dataset.part}"]`);
      const chart = mine?.querySelector("e-chart");
      if (chart?.renew && part.querySelector("e-chart")) {
        chart.renew(part.querySelector("figure"));
        mine.querySelector("h2").textContent = part.querySelector("h2").textContent;
      } else {
        mine?.replaceChildren(...part.childNodes);
      }
    }
  }
}

export const defineLive = () => customElements.define("live-run", LiveRun);
