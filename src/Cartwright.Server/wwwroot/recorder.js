// Runs beside the page's thread: hands the microphone's samples on as 16-bit numbers, a tenth of a second at a time.
const blockSize = 1600;

class Recorder extends AudioWorkletProcessor {
  block = new Int16Array(blockSize);
  filled = 0;

  process([input]) {
    for (const sample of input[0] ?? []) {
      this.block[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (this.filled === blockSize) {
        this.port.postMessage(this.block.slice());
        this.filled = 0;
      }
    }

    return true;
  }
}

registerProcessor("recorder", Recorder);
