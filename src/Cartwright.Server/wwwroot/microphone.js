// The browser's microphone as words: 16 kHz, one channel, 16-bit numbers go over a WebSocket; what was understood so far comes back as it grows.
const sampleRate = 16000;
const silenceMilliseconds = 1200;   // behind a sentence
const patienceMilliseconds = 10000; // before it

/** Listens until it is quiet or stop() is called. */
export class Microphone {
  /** @param address of the WebSocket; @param recorder address of recorder.js; @param heard gets (text, isFinal); @param ended gets an error's words, or nothing. */
  constructor({ address, recorder, heard, ended }) {
    Object.assign(this, { address, recorder, heard, ended });
  }

  static get isPossible() {
    return Boolean(globalThis.AudioContext && globalThis.WebSocket && navigator.mediaDevices?.getUserMedia);
  }

  /** Opens the microphone and the line; resolved once somebody is heard, or nobody can be. */
  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
      this.context = new AudioContext({ sampleRate });
      await this.context.audioWorklet.addModule(this.recorder);
      await this.connect();
      if (this.isEnded) {
        this.release();          // stopped while the browser was still asking
        return;
      }

      this.openedAt = performance.now();
      this.node = new AudioWorkletNode(this.context, "recorder");
      this.node.port.onmessage = ({ data }) => this.send(data);
      this.context.createMediaStreamSource(this.stream).connect(this.node);
    } catch (refused) {
      this.end(refused.name === "NotAllowedError" ? "The browser was not allowed to use the microphone." : `The microphone can't be used: ${refused.message}`);
    }
  }

  /** Ends the sentence: the server says what it finally understood. */
  stop() {
    if (this.isStopped) {
      return;
    }

    this.isStopped = true;
    this.stream?.getTracks().forEach(track => track.stop());
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send("end");
    } else {
      this.end();
    }
  }

  send(block) {
    if (this.isStopped || this.socket.readyState !== WebSocket.OPEN) {
      return;
    }

    this.socket.send(block.buffer);
    const now = performance.now();
    const loudness = Math.sqrt(block.reduce((sum, sample) => sum + sample * sample, 0) / block.length);
    this.loudest = Math.max(this.loudest ?? 0, loudness);
    if (loudness > this.loudest * 0.15 && loudness > 200) {
      this.spokenAt = now;
    } else if (this.spokenAt ? now - this.spokenAt > silenceMilliseconds : now - this.openedAt > patienceMilliseconds) {
      this.stop();
    }
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.onmessage = message => this.read(JSON.parse(message.data));
    this.socket.onerror = () => this.end("The shop can't listen at the moment.");
    return new Promise(resolve => {
      this.socket.onopen = resolve;
      this.socket.onclose = event => {
        this.end(event.reason || undefined);
        resolve();
      };
    });
  }

  read(message) {
    if (message.error) {
      this.end(message.error);
    } else if (message.final !== undefined) {
      this.heard(message.final, true);
      this.end();
    } else if (message.partial !== undefined) {
      this.heard(message.partial, false);
    }
  }

  end(problem) {
    this.release();
    if (!this.isEnded) {
      this.isEnded = this.isStopped = true;
      this.ended(problem);
    }
  }

  release() {
    this.stream?.getTracks().forEach(track => track.stop());
    this.context?.close();
    this.context = undefined;    // it may be closed once
    this.socket?.close();
  }
}
