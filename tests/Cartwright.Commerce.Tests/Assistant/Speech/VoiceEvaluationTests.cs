using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class VoiceEvaluationTests : IDisposable
{
    private static readonly string[] Labels = ["low", "middle", "high"];

    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-voice-").FullName;

    [Fact]
    public async Task The_network_beats_the_most_frequent_label_and_the_report_has_the_contracts_form()
    {
        string index = Tones(_folder, seed: 1);

        EvaluationReport report = await EvaluateAsync(
            new EvaluateVoiceRequest { Recordings = _folder, Index = index, Model = "slot-heads", Epochs = 10 });

        Assert.Equal("split-file, speakers heard before", report.Protocol);
        Assert.Equal(24, report.TestCount);
        Assert.Equal(["slot-heads", "most-frequent", "nearest-mean"], report.Models.Select(model => model.Model));
        Assert.Equal(["model", "baseline", "baseline"], report.Models.Select(model => model.Role));
        MetricEstimate heard = report.Models[0].Metrics["accuracy"];
        Assert.True(heard.Value > report.Models[1].Metrics["accuracy"].Value + 0.3, $"{heard.Value}");
        Assert.InRange(heard.Value, heard.Low, heard.High);
    }

    [Fact]
    public async Task Other_recordings_are_all_tested()
    {
        string index = Tones(_folder, seed: 1);
        string other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        string otherIndex = Tones(other, seed: 2);

        EvaluationReport report = await EvaluateAsync(
            new EvaluateVoiceRequest { Recordings = _folder, Index = index, TestRecordings = other, TestIndex = otherIndex, Model = "slot-heads", Epochs = 1 });

        Assert.Equal(72, report.TestCount);
        Assert.StartsWith("test-recordings", report.Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_recordings_to_test_without_their_index()
    {
        var request = new EvaluateVoiceRequest { Recordings = _folder, Index = Tones(_folder, seed: 1), TestRecordings = _folder };

        ValidationException refused = await Assert.ThrowsAsync<ValidationException>(() => EvaluateAsync(request));

        Assert.Contains("--test-index", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_sentences_and_slots()
    {
        IReadOnlyDictionary<string, string> small = SlotPhrasesTests.Said(("drink", "tea"), ("size", "small"));
        IReadOnlyDictionary<string, string> tea = SlotPhrasesTests.Said(("drink", "tea"));

        IReadOnlyDictionary<string, MetricEstimate> metrics = new VoiceMeasure([small, tea, small], isLabeled: false, seed: 1).Estimate([small, small, tea]);

        Assert.Equal(1 / 3.0, metrics["sentenceAccuracy"].Value, 9);
        Assert.Equal(2 * 4 / 10.0, metrics["slotF1"].Value, 9);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<EvaluationReport> EvaluateAsync(EvaluateVoiceRequest request)
    {
        await using Cartwright.Storage.Shop shop = await Cartwright.Storage.Shop.OpenAsync(Path.Combine(_folder, "shop"));
        return await shop.AssistantVoice.EvaluateVoiceAsync(request);
    }

    /// <summary>72 tones of three heights, a third of them to test.</summary>
    private static string Tones(string folder, int seed)
    {
        var random = new Random(seed);
        var lines = new List<string> { "file,tone,speaker,split" };
        for (int i = 0; i < 72; i++)
        {
            string file = $"t{i}.wav";
            File.WriteAllBytes(Path.Combine(folder, file), WaveFiles.Pcm(WaveFiles.Tone(400 * (1 + (i % 3)), 0.15 + (0.1 * random.NextDouble()), random)));
            lines.Add($"{file},{Labels[i % 3]},ann,{(i / 3 % 3 == 0 ? "test" : "train")}");
        }

        string index = Path.Combine(folder, "index.csv");
        File.WriteAllLines(index, lines);
        return index;
    }
}
