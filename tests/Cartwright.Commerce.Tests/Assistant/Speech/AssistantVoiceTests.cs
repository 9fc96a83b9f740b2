using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Storage;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class AssistantVoiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-voice-").FullName;

    [SystemSpeechFact(Hears = true)]
    public async Task What_is_spoken_is_heard_before_anything_is_trained()
    {
        await using Cartwright.Storage.Shop shop = await ShopAsync();
        SpeakResponse spoken = await shop.AssistantVoice.SpeakAsync(new SpeakRequest { Text = "show me the walnut table", Voice = "slt" });

        TranscribeResponse heard = await shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Sound = spoken.Sound });

        Assert.Contains("walnut table", heard.Text, StringComparison.Ordinal);
        Assert.Equal("pocketsphinx", heard.Engine);
        Assert.Null(heard.Version);
        Assert.InRange(heard.Confidence, 0.01, 1);
        Assert.Equal(spoken.Seconds, heard.Seconds, 2);
    }

    [SystemSpeechFact]
    public async Task Training_makes_a_version_that_hears_and_survives_its_files()
    {
        await using Cartwright.Storage.Shop shop = await ShopAsync();

        TrainVoiceResponse trained = await shop.AssistantVoice.TrainVoiceAsync(new TrainVoiceRequest { Spoken = 20, Epochs = 1 });

        Assert.True(trained.IsActive);
        Assert.Equal(20, trained.Spoken);
        Assert.Contains("ctc wordErrorRate", trained.Estimates.Keys);
        Assert.Contains("letters-alone wordErrorRate", trained.Estimates.Keys);
        KeptVersions kept = await shop.AssistantVoice.VoiceStatusAsync(new VoiceStatusRequest());
        Assert.Equal(trained.Version, kept.ActiveVersion);
        string file = Path.Combine(_folder, "speech.wav");
        await shop.AssistantVoice.SpeakAsync(new SpeakRequest { Text = "hello", Output = file });
        TranscribeResponse heard = await shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Path = file, Engine = "ctc" });
        Assert.Equal(("ctc", trained.Version), (heard.Engine, heard.Version));
    }

    [Fact]
    public async Task Refuses_a_question_without_a_recording_or_with_two()
    {
        await using Cartwright.Storage.Shop shop = await ShopAsync();

        await Assert.ThrowsAsync<ValidationException>(() => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest()));
        await Assert.ThrowsAsync<ValidationException>(() => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Path = "a.wav", Sound = "AAAA" }));
        await Assert.ThrowsAsync<ValidationException>(() => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Sound = "no base64!" }));
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Sound = "AAAA" }));
        await Assert.ThrowsAsync<ImportFormatException>(() => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Path = Path.Combine(_folder, "none.wav") }));
    }

    [Fact]
    public async Task Asked_for_the_network_before_it_is_trained_says_what_to_do()
    {
        await using Cartwright.Storage.Shop shop = await ShopAsync();
        string sound = Convert.ToBase64String(WaveFiles.Pcm(new float[1_600]));

        ModelNotTrainedException refused = await Assert.ThrowsAsync<ModelNotTrainedException>(
            () => shop.AssistantVoice.TranscribeAsync(new TranscribeRequest { Sound = sound, Engine = "ctc" }));

        Assert.Contains("assistant train-voice", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Cartwright.Storage.Shop> ShopAsync()
    {
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(data, "products.csv"),
            ["id,title,brand,category,price", "1,Walnut Table,Ferro,Home > Tables,120", "2,Red Lamp,Ferro,Home > Lamps,30", "3,Wool Rug,Arden,Home > Rugs,80"]);
        var shop = await Cartwright.Storage.Shop.OpenAsync(Path.Combine(_folder, "shop"));
        await shop.Catalog.ImportAsync(new ImportRequest { Folder = data });
        return shop;
    }
}
