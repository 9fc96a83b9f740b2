using System.Diagnostics;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Assistant;

/// <summary>Runs written conversations and measures what comes of them.</summary>
internal sealed class ConversationReplay(ShopAssistant assistant, ShopCatalog catalog, IAssistantStore store)
{
    private readonly List<double> _milliseconds = [];

    public async Task<ReplayResponse> RunAsync(ReplayRequest request, IProgress<RunProgress>? progress, CancellationToken stop)
    {
        ConversationFile file = ConversationFile.Read(request.Conversations);
        LiveShop shop = await catalog.LiveAsync(stop);
        var facts = new FactCheck(shop, store);
        await assistant.ReplyAsync(new ReplyRequest { Text = "Hello" }, isCounted: false, stop);          // what is loaded once is not an answer's time

        var replayed = new List<ReplayedConversation>();
        for (int round = 0; round < request.Rounds; round++)
        {
            for (int i = 0; i < file.Conversations.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                WrittenConversation bound = await BindAsync(file.Conversations[i], shop, stop);
                IReadOnlyList<ReplyResponse> answers = await TalkAsync(bound, stop);
                if (round == 0)
                {
                    replayed.Add(await JudgeAsync(bound, answers, facts, request.Explain, stop));
                }
            }

            progress?.Report(new RunProgress("talking", round + 1, request.Rounds, "rounds"));
        }

        _milliseconds.Sort();
        return new ReplayResponse(replayed, Share(replayed.Count(one => one.IsReached), replayed.Count), replayed.Sum(one => one.Invented.Count), facts.CheckedCount,
            _milliseconds.Count, Quantile(0.5), Quantile(0.99));
    }

    private async Task<IReadOnlyList<ReplyResponse>> TalkAsync(WrittenConversation conversation, CancellationToken stop)
    {
        var answers = new List<ReplyResponse>();
        foreach (string text in conversation.Says)
        {
            long start = Stopwatch.GetTimestamp();
            answers.Add(await assistant.ReplyAsync(new ReplyRequest
            {
                Text = text,
                ConversationId = answers.LastOrDefault()?.ConversationId,
                ShopperId = conversation.SignedIn ? conversation.Goal.Shopper : null,
                Explain = true,
            }, isCounted: false, stop));
            _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return answers;
    }

    private static async Task<ReplayedConversation> JudgeAsync(WrittenConversation conversation, IReadOnlyList<ReplyResponse> answers, FactCheck facts, bool withTurns, CancellationToken stop)
    {
        var invented = new List<string>();
        for (int i = 0; i < answers.Count; i++)
        {
            invented.AddRange(await facts.InventedAsync(answers[i], [.. conversation.Says.Take(i + 1)], stop));
        }

        string? missed = conversation.Goal.Missed(answers);
        return new ReplayedConversation(conversation.Name, conversation.Goal.InWords, missed is null, missed, invented, !withTurns ? [] :
            [.. answers.Select((answer, i) => new ReplayedTurn(conversation.Says[i], answer.Text, answer.Understanding!.Intent, answer.Understanding.Confidence, answer.Understanding.Slots))]);
    }

    /// <summary>Puts an order and a product of the shop in place of the words in braces.</summary>
    private async Task<WrittenConversation> BindAsync(WrittenConversation conversation, LiveShop shop, CancellationToken stop)
    {
        Order? order = conversation.Order is { } status ? await store.FindOrderWithStatusAsync(status, stop)
            ?? throw new System.ComponentModel.DataAnnotations.ValidationException($"No order of the shop is '{status}', which the conversation '{conversation.Name}' is about.") : null;
        Product? product = conversation.Product is { } word ? shop.ListedProducts.Where(one => one.Title.Contains(word, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.IsInStock ? 0 : 1).FirstOrDefault()
            ?? throw new System.ComponentModel.DataAnnotations.ValidationException($"No product is a '{word}', which the conversation '{conversation.Name}' is about.") : null;
        return conversation with
        {
            Says = [.. conversation.Says.Select(text => Bind(text)!)],
            Goal = conversation.Goal with { Words = Bind(conversation.Goal.Words), Id = Bind(conversation.Goal.Id), Shopper = order?.Shopper },
        };

        string? Bind(string? text) => text?.Replace("{order}", order?.Id, StringComparison.Ordinal).Replace("{postcode}", order?.Postcode, StringComparison.Ordinal)
            .Replace("{title}", product?.Title, StringComparison.Ordinal).Replace("{brand}", product?.Brand, StringComparison.Ordinal);
    }

    /// <summary>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.</summary>
    private static MetricEstimate Share(int reached, int count)
    {
        const double Z = 1.959964;
        double share = (double)reached / count;
        double scale = 1 + (Z * Z / count);
        double center = (share + (Z * Z / (2 * count))) / scale;
        double half = Z * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4.0 * count * count))) / scale;
        return new MetricEstimate(share, Math.Max(0, center - half), Math.Min(1, center + half));
    }

    private double Quantile(double share) => _milliseconds[Math.Clamp((int)Math.Ceiling(share * _milliseconds.Count) - 1, 0, _milliseconds.Count - 1)];
}
