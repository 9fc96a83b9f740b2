using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class RecordingSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cartwright-recordings-").FullName;

    [Fact]
    public void Reads_labels_with_their_official_split_from_a_folder()
    {
        string index = Index("file,digit,speaker,index,split,seconds", "a.wav,3,ann,0,test,0.1", "b.wav,4,bob,1,train,0.1", "c.wav,4,bob,2,valid,0.1");
        AddFiles("a.wav", "b.wav", "c.wav");

        var set = RecordingSet.Open(_folder, index);

        Assert.True(set.IsLabeled);
        Assert.True(set.HasSplit);
        Recording tested = Assert.Single(set.Of(RecordingPart.Test));
        Assert.Equal(("a.wav", "3", "ann", Waveform.SpeechRate), (tested.File, tested.Slots["digit"], tested.Speaker, tested.Sound.Rate));
        Assert.Equal("c.wav", Assert.Single(set.Of(RecordingPart.Validation)).File);
    }

    [Fact]
    public void Reads_slots_from_a_zip_and_splits_by_the_files_name()
    {
        string[] files = [.. Enumerable.Range(0, 200).Select(i => $"r{i}.wav")];
        string index = Index(["file,intent,slots,seconds", .. files.Select(file => $"{file},order,\"{{\"\"size\"\":\"\"small\"\"}}\",1.0")]);
        string path = Path.Combine(_folder, "all.zip");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (string file in files)
            {
                using Stream to = zip.CreateEntry("inside/" + file, CompressionLevel.NoCompression).Open();
                to.Write(WaveFiles.Pcm(new float[160]));
            }
        }

        var set = RecordingSet.Open(path, index);

        Assert.False(set.IsLabeled);
        Assert.False(set.HasSplit);
        Assert.Equal("small", set.Recordings[7].Slots["size"]);
        Assert.InRange(set.Of(RecordingPart.Test).Count, 25, 55);
        Assert.InRange(set.Of(RecordingPart.Validation).Count, 8, 35);
        Assert.Equal([.. set.Of(RecordingPart.Test).Select(of => of.File)], RecordingSet.Open(path, index).Of(RecordingPart.Test).Select(of => of.File));
    }

    [Theory]
    [InlineData("../outside.wav", "it is not in")]
    [InlineData("missing.wav", "it is not in")]
    public void Refuses_files_that_are_not_among_the_recordings(string file, string said)
    {
        File.WriteAllBytes(Path.Combine(_folder, "..", "outside.wav"), WaveFiles.Pcm(new float[160]));
        string index = Index("file,word", $"{file},yes");

        ImportFormatException refused = Assert.Throws<ImportFormatException>(() => RecordingSet.Open(Path.Combine(_folder, "."), index));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_slots_that_are_no_object_with_the_line()
    {
        string index = Index("file,slots", "a.wav,[1]");

        ImportFormatException refused = Assert.Throws<ImportFormatException>(() => RecordingSet.Open(_folder, index));

        Assert.Equal(2, refused.Line);
    }

    [Fact]
    public void Refuses_an_index_that_tells_nothing()
    {
        string index = Index("file,seconds", "a.wav,0.1");

        Assert.Throws<ValidationException>(() => RecordingSet.Open(_folder, index));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Index(params string[] lines)
    {
        string path = Path.Combine(_folder, "index.csv");
        File.WriteAllLines(path, lines);
        return path;
    }

    private void AddFiles(params string[] files)
    {
        foreach (string file in files)
        {
            File.WriteAllBytes(Path.Combine(_folder, file), WaveFiles.Pcm(new float[800], rate: 8_000));
        }
    }
}
