// <e-chart>: draws the chart whose data stand in its JSON block. Where that fails the table beneath stays open.
let library;

// The chart library is fetched once, and only by a page that has a chart.
const load = address => library ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = address;
  script.onload = () => resolve(window.echarts);
  script.onerror = reject;
  document.head.append(script);
});

const exact = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

class Chart extends HTMLElement {
  async connectedCallback() {
    this.classList.add("waiting");
    this.figure = this.closest("figure");
    this.table = this.figure.querySelector(".chart-data");
    this.table.open = false;
    try {
      const echarts = await load(this.dataset.library);
      if (!this.isConnected) {
        return;
      }

      this.plot = echarts.init(this.querySelector(".plot"));
      this.draw(JSON.parse(this.querySelector("script").textContent));
      this.resizing = new ResizeObserver(() => this.plot.resize());
      this.resizing.observe(this);
      this.onTheme = () => requestAnimationFrame(() => this.draw(this.data));
      document.addEventListener("themechange", this.onTheme);
    } catch (error) {
      this.hidden = true;
      this.table.open = true;
      console.warn("The chart could not be drawn; its table is shown.", error);
    }

    this.classList.remove("waiting");
  }

  disconnectedCallback() {
    this.resizing?.disconnect();
    document.removeEventListener("themechange", this.onTheme);
    this.plot?.dispose();
  }

  // Takes the data and the table of a newer rendering of the same figure.
  renew(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    this.table.querySelector("table").replaceWith(figure.querySelector("table"));
    if (this.plot) {
      this.draw(data);
    }
  }

  draw(data) {
    this.data = data;
    this.plot.setOption(option(data, getComputedStyle(this)), true);
  }
}

function option(data, style) {
  const color = name => style.getPropertyValue(name).trim();
  const palette = [1, 2, 3, 4, 5].map(n => color(`--series-${n}`));
  const font = { fontFamily: style.fontFamily, fontSize: 12, color: color("--muted") };
  const line = { lineStyle: { color: color("--line") } };
  const axes = [null, ...new Set(data.series.map(s => s.ownAxis).filter(name => name))];
  const hasBars = data.series.some(s => s.shape === "Bar");
  // Lines are named at their end; bars above, and only where there is more than one kind.
  const isNamedAtEnd = !hasBars && data.series.length > 1 && axes.length === 1;
  const hasLegend = data.series.length > 1 && !isNamedAtEnd;
  return {
    animation: false,
    textStyle: font,
    color: palette,
    grid: { left: 0, right: isNamedAtEnd ? 104 : 8, top: hasLegend ? 68 : 36, bottom: 24, containLabel: true },
    legend: hasLegend
      ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, icon: "roundRect", textStyle: font, selectedMode: false }
      : undefined,
    tooltip: {
      trigger: "axis",
      renderMode: "richText",   // drawn, not written as HTML with styles, which the security policy refuses
      confine: true,
      backgroundColor: color("--card"),
      borderColor: color("--line"),
      textStyle: { ...font, color: color("--text") },
      axisPointer: { type: hasBars ? "shadow" : "line", lineStyle: { color: color("--muted") }, shadowStyle: { color: color("--hover") } },
      valueFormatter: value => value === null || value === undefined ? "–" : data.prefix + exact.format(value),
    },
    xAxis: {
      type: data.axisValues ? "value" : "category",
      data: data.axisValues ? undefined : data.axis,
      min: data.axisValues?.at(0),
      max: data.axisValues?.at(-1),
      splitLine: { show: false },
      name: data.axisName,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: font,
      boundaryGap: hasBars,
      axisLine: line,
      axisTick: { show: false },
      axisLabel: { ...font, hideOverlap: true, showMinLabel: data.axisValues ? false : null, showMaxLabel: data.axisValues ? false : null, formatter: data.axisValues ? value => exact.format(value) : withoutYear(data.axis) },
    },
    yAxis: axes.map((name, at) => ({
      type: "value",
      name: name ?? data.valueName,
      nameTextStyle: { ...font, align: at ? "right" : "left" },
      scale: at > 0 || !(data.fromZero || hasBars),
      splitNumber: 4,
      splitLine: { show: at === 0, ...line },
      axisLabel: { ...font, formatter: value => (at ? "" : data.prefix) + short.format(value) },
    })),
    series: data.series.map((s, at) => series(s, at)),
  };

  // The names of two marks stand on the sides that are away from each other.
  function marks() {
    const left = Math.min(...data.marks.map(mark => mark.at));
    return data.marks.length === 0 ? undefined : {
      symbol: "none",
      silent: true,
      lineStyle: { color: color("--muted"), type: "solid", width: 1.25 },
      data: data.marks.map(mark => ({
        name: mark.name,
        xAxis: data.axisValues?.[mark.at] ?? mark.at,
        label: { ...font, color: color("--text"), formatter: "{b}", position: "end", padding: [0, 4], align: mark.at === left ? "right" : "left" },
      })),
    };
  }

  function series(s, at) {
    const isReference = s.shape === "Reference";
    const own = isReference ? color("--text") : palette[at];
    return {
      name: s.name,
      type: s.shape === "Bar" ? "bar" : "line",
      data: data.axisValues ? s.values.map((value, i) => [data.axisValues[i], value]) : s.values,
      markLine: at === 0 ? marks() : undefined,
      stack: data.isStacked ? "all" : undefined,
      yAxisIndex: Math.max(0, axes.indexOf(s.ownAxis ?? null)),
      barMaxWidth: 28,
      barCategoryGap: "24%",
      showSymbol: s.values.filter(v => v !== null).length < 2,
      symbolSize: 7,
      z: isReference ? 3 : 2,
      lineStyle: isReference ? { width: 1.5, type: [5, 4], color: own } : { width: 2.25, color: own },
      itemStyle: { color: own, borderRadius: s.shape === "Bar" && !data.isStacked ? [3, 3, 0, 0] : 0 },
      labelLayout: isNamedAtEnd ? { moveOverlap: "shiftY" } : undefined,
      endLabel: isNamedAtEnd ? { show: true, formatter: "{a}", color: own, fontSize: 12, fontFamily: font.fontFamily } : undefined,
    };
  }
}

// The year stands once above the chart, not under every bar.
function withoutYear(labels) {
  const years = new Set(labels.map(label => label.match(/^\d+ \w{3} (\d{4})$/)?.[1]));
  return years.size === 1 && !years.has(undefined) ? label => label.replace(/ \d{4}$/, "") : undefined;
}

export const defineChart = () => customElements.define("e-chart", Chart);
