using System.CommandLine.Parsing;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cartwright.Cli.Demo;
using Cartwright.Cli.Tests.House;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Cli.Tests.Commands;

public sealed class VoiceCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();

    public async Task InitializeAsync()
    {
        await using Shop shop = await Shop.OpenAsync(_folder.At("shop"));
        await shop.Catalog.PutProductAsync(new Product { Id = "p-1", Title = "Walnut Table", Brand = "Ferro", Category = "Home > Tables", Price = 120 });
        _ = SmokeRecordings.Write(_folder.At("."));
        Directory.Move(_folder.At("recordings"), _folder.At("digits"));
        File.Copy(_folder.At("recordings.csv"), _folder.At("digits.csv"));
        ZipFile.CreateFromDirectory(_folder.At("digits"), _folder.At("orders.zip"));
        File.Move(_folder.At("recordings.csv"), _folder.At("orders.csv"));
        await File.WriteAllTextAsync(_folder.At("sentences.txt"), "Do you have it in oak?\n");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [HeardSpeechFact]
    public async Task Every_command_of_the_guide_is_answered()
    {
        string[] lines = [.. Markdown.CommandLines("docs/talk-to-the-shop.md").Where(line => line.Contains("voice", StringComparison.Ordinal)
            || line.Contains("speak", StringComparison.Ordinal) || line.Contains("transcribe", StringComparison.Ordinal))];

        Assert.True(lines.Length >= 7);
        foreach (string line in lines)
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line).Skip(1).Select(word => word.StartsWith("./", StringComparison.Ordinal) ? _folder.At(word[2..]) : word)];
            string[] quick = words[1] switch
            {
                "train-voice" => ["--spoken", "20", "--epochs", "1"],
                "evaluate-voice" => ["--model", "slot-heads", "--epochs", "1"],
                _ => [],
            };
            CliResult answer = await Cli.RunAsync([.. words.Except(["--json"]), .. quick, "--shop", _folder.At("shop"), "--json"]);

            Assert.Equal("", answer.Failure);
            using var json = JsonDocument.Parse(answer.Output);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
    }

    [HeardSpeechFact]
    public async Task What_was_heard_is_told_in_a_line()
    {
        string file = _folder.At("answer.wav");

        CliResult spoken = await Cli.RunAsync(["assistant", "speak", "show me the walnut table", "--output", file, "--shop", _folder.At("shop")]);
        CliResult heard = await Cli.RunAsync(["assistant", "transcribe", file, "--shop", _folder.At("shop")]);

        Assert.Contains("answer.wav: ", spoken.Output, StringComparison.Ordinal);
        Assert.Contains("walnut table", heard.Output, StringComparison.Ordinal);
        Assert.Contains("By pocketsphinx, with the catalog's phrases; nothing is trained yet.", heard.Output, StringComparison.Ordinal);
    }

    /// <summary>Skipped, with a word, where the system neither speaks nor hears.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class HeardSpeechFactAttribute : FactAttribute
    {
        public HeardSpeechFactAttribute()
        {
            string? missing = ((string[])["libflite.so.1", "libpocketsphinx.so.3"]).FirstOrDefault(library => !NativeLibrary.TryLoad(library, out _));
            Skip = missing is null ? null : $"{missing} is not installed.";
        }
    }
}
