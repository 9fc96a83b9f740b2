using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Vision;

/// <summary>One order of drawings: the pictures it learns from, the training where none is kept, the files.</summary>
internal sealed class DrawingRun(PictureModel looker, string version, GeneratorVersions generators, TimeProvider clock)
{
    private const int FewestPictures = 4;
    private const int MostPictures = 20_000;
    private const int SheetColumns = 8;

    /// <summary>Pictures are kept a little larger than they are drawn, so that a part of one is still sharp.</summary>
    private const int Kept = PictureGenerator.Side * 3 / 2;

    /// <exception cref="NotFoundException">No picture has the label.</exception>
    /// <exception cref="ValidationException">There are too few pictures of the label.</exception>
    public DrawResponse Run(DrawRequest request, PictureSet set, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        int[] rows = [.. Enumerable.Range(0, set.Count).Where(i => set.Labels[i] == request.Label && set.Parts[i] != PicturePart.Test).Take(MostPictures)];
        if (rows.Length == 0)
        {
            throw new NotFoundException(NearMiss.Refusal("label", request.Label, [.. set.Classes]) ?? $"No picture shows '{request.Label}'.");
        }

        LoadedPictures loaded = set.Load(rows, Kept, cancellation);
        if (loaded.Pictures.Length < FewestPictures)
        {
            throw new ValidationException($"{loaded.Pictures.Length} pictures show '{request.Label}'; {FewestPictures} are the fewest that can be learned from.");
        }

        string hash = GeneratorVersions.HashOf(loaded.Pictures, request, version);
        (TrainedGenerator Trained, string Version)? kept = request.Retrain ? null : generators.Find(request.Label, hash);
        (TrainedGenerator trained, string generator) = kept ?? Train();
        Picture[] drawn = PictureDrawing.Draw(trained.Generator, request.Count, Seeds.Random((ulong)request.Seed, 7));
        return new DrawResponse(request.Label, loaded.Pictures.Length, trained.Stages, trained.Floor, Convert.ToBase64String(PngWriter.Write(SideBySide(drawn))),
            Write(request.Out, drawn), version, generator, IsNew: kept is null);

        (TrainedGenerator, string) Train()
        {
            long start = clock.GetTimestamp();
            TrainedGenerator made = new PictureDrawing(looker).Train(loaded.Pictures, request.Steps, request.Seed, progress, cancellation);
            return (made, generators.Save(request, hash, made, clock.GetElapsedTime(start).TotalSeconds));
        }
    }

    private static List<string> Write(string? folder, Picture[] drawn)
    {
        if (folder is null)
        {
            return [];
        }

        Directory.CreateDirectory(folder);
        var files = new List<string>();
        for (int i = 0; i < drawn.Length; i++)
        {
            files.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i + 1:00}.png")));
            File.WriteAllBytes(files[i], PngWriter.Write(drawn[i]));
        }

        return files;
    }

    private static Picture SideBySide(Picture[] drawn)
    {
        const int Line = PictureGenerator.Side * Picture.Channels;
        int columns = Math.Min(SheetColumns, drawn.Length), lines = (drawn.Length + columns - 1) / columns;
        byte[] rgb = new byte[lines * PictureGenerator.Side * columns * Line];
        for (int i = 0; i < drawn.Length; i++)
        {
            for (int y = 0; y < PictureGenerator.Side; y++)
            {
                drawn[i].Rgb.AsSpan(y * Line, Line).CopyTo(rgb.AsSpan((((((i / columns) * PictureGenerator.Side) + y) * columns) + (i % columns)) * Line));
            }
        }

        return new Picture(rgb, lines * PictureGenerator.Side, columns * PictureGenerator.Side);
    }
}
