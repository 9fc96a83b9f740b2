using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Vision;

/// <summary>Pictures of a set, read once, from which models and baselines learn.</summary>
internal sealed class PictureLearner
{
    private const int FewestPictures = 20;
    private const int SidesLooked = 50;
    private const int MostSide = 256;

    private readonly PictureSet _set;
    private readonly Dictionary<string, int> _numbers;
    private readonly int _side;
    private readonly int _seed;
    private readonly int? _epochs;
    private readonly Backbone? _backbone;
    private readonly TimeProvider _clock;

    /// <param name="train">Rows of the set to learn from.</param>
    /// <param name="validation">Rows that choose the epoch.</param>
    /// <param name="backbone">A pretrained network that may be taught; pictures are then kept as large as it sees them.</param>
    /// <exception cref="ValidationException">There are too few pictures, or all show the same.</exception>
    public PictureLearner(PictureSet set, int[] train, int[] validation, int seed, int? epochs, TimeProvider clock, Backbone? backbone = null)
    {
        (_set, _seed, _epochs, _clock, _backbone) = (set, seed, epochs, clock, backbone);
        Classes = [.. train.Select(i => set.Labels[i]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (train.Length < FewestPictures || Classes.Count < 2)
        {
            throw new ValidationException($"There are {train.Length} labeled pictures to learn from, with {Classes.Count} labels; {FewestPictures} with 2 labels are the fewest. "
                + "A product counts where it has a picture that is there, and a category or an attribute label.");
        }

        _numbers = Classes.Index().ToDictionary(of => of.Item, of => of.Index, StringComparer.Ordinal);
        _side = UsualSide(train);
        var faults = new List<string>();
        (Train, IReadOnlyList<string> unread) = Load(train, CancellationToken.None);
        faults.AddRange(unread);
        (Validation, unread) = Load(validation, CancellationToken.None);
        Faults = [.. faults, .. unread];
    }

    /// <summary>What can be told, in alphabetical order.</summary>
    public IReadOnlyList<string> Classes { get; }

    public TaughtPictures Train { get; }

    public TaughtPictures Validation { get; }

    /// <summary>Why pictures could not be read.</summary>
    public IReadOnlyList<string> Faults { get; }

    public PictureLesson Lesson(string model) => PictureLesson.For(model, _side, Train.Count, _epochs);

    public PictureModel Fit(string model, IProgress<RunProgress>? progress, CancellationToken cancellation) => model == BackboneNetwork.Name
        ? BackboneTrainer.Train(_backbone ?? throw new ValidationException("Name the network to learn with by --backbone, an .onnx or .tflite file."),
            Classes, Train, Validation, _seed, _clock, progress, cancellation)
        : PictureTrainer.Train(Lesson(model), Classes, Train, Validation, _seed, _clock, progress, cancellation);

    /// <inheritdoc cref="PictureBaselines.Fit"/>
    public Func<IReadOnlyList<Picture>, float[]> Baseline(string name) => PictureBaselines.Fit(name, Classes.Count, Train, Validation);

    /// <summary>Reads rows of the set; what nobody taught has the class -1.</summary>
    public (TaughtPictures Pictures, IReadOnlyList<string> Faults) Load(int[] rows, CancellationToken cancellation) => Load(_set, rows, cancellation);

    /// <inheritdoc cref="Load(int[], CancellationToken)"/>
    /// <param name="set">Another set than the one that was learned from.</param>
    public (TaughtPictures Pictures, IReadOnlyList<string> Faults) Load(PictureSet set, int[] rows, CancellationToken cancellation)
    {
        int kept = PictureLesson.For(PictureLesson.Residual, _side, rows.Length, _epochs).Kept;
        LoadedPictures loaded = set.Load(rows, _backbone is null ? kept : Math.Max(kept, BackboneNetwork.Size), cancellation);
        return (new TaughtPictures(loaded.Pictures, [.. loaded.Rows.Select(i => _numbers.GetValueOrDefault(set.Labels[i], -1))]) { Rows = loaded.Rows }, loaded.Faults);
    }

    /// <summary>The median of the shorter sides of some pictures.</summary>
    private int UsualSide(int[] rows)
    {
        int step = (rows.Length / SidesLooked) + 1;
        LoadedPictures some = _set.Load([.. rows.Where((_, i) => i % step == 0)], MostSide, CancellationToken.None);
        int[] sides = [.. some.Pictures.Select(picture => Math.Min(picture.Height, picture.Width)).Order()];
        return sides[sides.Length / 2];
    }
}
