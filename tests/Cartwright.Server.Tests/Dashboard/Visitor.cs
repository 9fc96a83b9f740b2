using Microsoft.Playwright;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>Somebody with a browser, who notices everything that goes wrong in it.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            // Answers of 400 and more are checked by the tests that ask for them.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Troubles.Add($"{new Uri(page.Url).PathAndQuery}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Troubles.Add($"{page.Url}: {error}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && response.Request.ResourceType != "document")
            {
                Troubles.Add($"{response.Url}: {response.Status}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors and warnings, script errors, and parts of pages that could not be had.</summary>
    public List<string> Troubles { get; } = [];

    public async Task LogInAsync(string key)
    {
        await Page.GotoAsync("/login");
        await Page.FillAsync("#key", key);
        await Page.ClickAsync("main button");
        await Page.WaitForURLAsync(url => !url.Contains("/login", StringComparison.Ordinal));
    }

    /// <summary>Opens a page and waits until its charts are drawn.</summary>
    public async Task<int> OpenAsync(string path)
    {
        IResponse? response = await Page.GotoAsync(path);
        await Page.WaitForFunctionAsync("() => !document.querySelector('e-chart.waiting')");
        return response!.Status;
    }

    /// <summary>What is wrong with how the page looks: overflow, small text, weak contrast. Empty where all is well.</summary>
    public Task<string[]> FlawsAsync() => Page.EvaluateAsync<string[]>(LookedAt);

    public async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CARTWRIGHT_SHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    /// <summary>Walks over all text that can be seen.</summary>
    private const string LookedAt = """
        () => {
          const flaws = [];
          const root = document.documentElement;
          if (root.scrollWidth > root.clientWidth) {
            const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1);
            flaws.push(`overflow: ${root.scrollWidth} > ${root.clientWidth}, by ${wide.slice(-3).map(e => e.outerHTML.slice(0, 80)).join(' | ')}`);
          }
          const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return { rgb: n.slice(0, 3), alpha: n[3] ?? 1 }; };
          const light = rgb => { const [r, g, b] = rgb.map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.alpha > 0.99) { return c.rgb; } } return [255, 255, 255]; };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode.textContent.trim();
            const e = walker.currentNode.parentElement;
            if (!text || e.closest('svg, script, noscript, .unseen, .skip, [popover]:not(:popover-open)') || !e.checkVisibility({ visibilityProperty: true })) { continue; }
            const style = getComputedStyle(e);
            const size = parseFloat(style.fontSize);
            if (size < 12) { flaws.push(`small text, ${size} px: ${text.slice(0, 40)}`); }
            const [a, b] = [light(parse(style.color).rgb), light(behind(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 600) ? 3 : 4.5;
            if (ratio < needed && !e.closest(':disabled')) { flaws.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)}`); }
          }
          for (const field of document.querySelectorAll('input:not([type=hidden]), select')) {
            if (!field.labels?.length && !field.getAttribute('aria-label')) { flaws.push(`no label: ${field.outerHTML.slice(0, 80)}`); }
          }
          if (document.querySelectorAll('h1').length !== 1) { flaws.push('not one title'); }
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
          if (twice.length) { flaws.push(`ids used twice: ${twice}`); }
          return [...new Set(flaws)];
        }
        """;
}
