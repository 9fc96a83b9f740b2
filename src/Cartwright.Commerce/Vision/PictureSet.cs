using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Part of the official split that a picture belongs to.</summary>
internal enum PicturePart
{
    /// <summary>The split says nothing of it.</summary>
    None,
    Train,
    Validation,
    Test,
}

/// <summary>Pictures with what each shows, as they lie on disk; each is read when it is asked for.</summary>
internal sealed class PictureSet
{
    /// <summary>The attribute that says what a picture shows, where it isn't the category.</summary>
    public const string LabelAttribute = "label";

    private const int TestShare = 5;                             // one of so many
    private const int ValidationShare = 10;

    private readonly Func<int, int, Picture> _read;

    /// <param name="labels">What each picture shows.</param>
    /// <param name="parts">Of the official split; all <see cref="PicturePart.None"/> where there is none.</param>
    /// <param name="read">Reads picture i with a shorter side of at least so many places, 0 for all there are.</param>
    public PictureSet(string name, IReadOnlyList<string> ids, IReadOnlyList<string> labels, IReadOnlyList<PicturePart> parts, Func<int, int, Picture> read)
    {
        (Name, Ids, Labels, Parts, _read) = (name, ids, labels, parts, read);
        Classes = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public string Name { get; }

    public int Count => Ids.Count;

    /// <summary>A product's id, or a file's path inside the folder.</summary>
    public IReadOnlyList<string> Ids { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>Labels that there are, in alphabetical order.</summary>
    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<PicturePart> Parts { get; }

    /// <summary>The products of the first pictures; those behind them, and all where the pictures are no shop's, have none.</summary>
    public IReadOnlyList<Product> Products { get; init; } = [];

    public bool HasTest => Parts.Contains(PicturePart.Test);

    /// <summary>Opens the pictures of a folder: a shop's, one folder of pictures for each label, or the files of MNIST and its like.</summary>
    /// <exception cref="ImportFormatException">There is no such folder, or it is none of these.</exception>
    public static async Task<PictureSet> OpenAsync(string folder, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
        {
            throw new ImportFormatException(folder, null, File.Exists(folder) ? "this is a file; name the folder that holds the pictures." : "there is no such folder.");
        }

        return IdxPictures.IsFolder(folder) ? IdxPictures.Open(folder)
            : File.Exists(Path.Combine(folder, "products.csv")) || File.Exists(Path.Combine(folder, "products.csv.gz"))
                ? OfShop((await ShopFolder.ReadSnapshotAsync(folder, cancellation)).Snapshot, new PictureFolder(folder))
            : LabelFolders.Open(folder);
    }

    /// <summary>The pictures of a shop's products; what each shows is the product's attribute "label", or its category.</summary>
    /// <param name="folder">Where the pictures' paths begin.</param>
    public static PictureSet OfShop(Snapshot shop, PictureFolder folder)
    {
        int[] rows = [.. Enumerable.Range(0, shop.Products.Count).Where(i => shop.Products[i].Image is not null && LabelOf(shop.Products[i]) is not null)];
        return new PictureSet(shop.Info.Name, [.. rows.Select(i => shop.Products[i].Id)], [.. rows.Select(i => LabelOf(shop.Products[i])!)],
            [.. rows.Select(i => shop.Split is { Product.Length: > 0 } split ? PartOf(split.PartName(split.Product, i)) : PicturePart.None)],
            (i, enough) => PictureReader.Read(
                folder.FileOf(shop.Products[rows[i]]) ?? throw new ImportFormatException(shop.Products[rows[i]].Image!, null, "there is no such picture."), enough))
        {
            Products = [.. rows.Select(i => shop.Products[i])],
        };
    }

    public static PicturePart PartOf(string? name) => name switch
    {
        "train" => PicturePart.Train,
        "valid" or "validation" or "val" => PicturePart.Validation,
        "test" => PicturePart.Test,
        _ => PicturePart.None,
    };

    /// <param name="enough">A shorter side of so many places is enough; 0 for all there is.</param>
    /// <exception cref="ImportFormatException">The picture is missing or damaged.</exception>
    public Picture Read(int index, int enough = 0) => _read(index, enough);

    /// <summary>Which pictures train, validate and test: as the split says. Where it says nothing, a fifth of each label tests and a tenth of the rest validates.</summary>
    /// <param name="hasTest">False where other pictures test: the split's own test part is then left out.</param>
    public (int[] Train, int[] Validation, int[] Test) Divide(int seed, bool hasTest = true)
    {
        int[] test = [.. Where(PicturePart.Test)];
        int[] rest = [.. Enumerable.Range(0, Count).Where(i => Parts[i] is PicturePart.Train || (Parts[i] is PicturePart.None && !HasTest))];
        if (hasTest && test.Length == 0)
        {
            (rest, test) = Drawn(rest, seed, 1, TestShare);
        }

        int[] validation = [.. Where(PicturePart.Validation)];
        if (validation.Length == 0)
        {
            (rest, validation) = Drawn(rest, seed, 2, ValidationShare);
        }

        return (rest, validation, hasTest ? test : []);
    }

    /// <summary>Reads pictures into memory, no larger than they have to be. Those that can't be read are left out and named.</summary>
    /// <param name="rows">Which ones.</param>
    /// <param name="enough">The shorter side becomes so long at most.</param>
    /// <exception cref="ValidationException">None could be read.</exception>
    public LoadedPictures Load(int[] rows, int enough, CancellationToken cancellation)
    {
        var pictures = new Picture?[rows.Length];
        var faults = new string?[rows.Length];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                pictures[i] = PictureScaling.ShrinkTo(Read(rows[i], enough), enough);
            }
            catch (ImportFormatException unreadable)
            {
                faults[i] = unreadable.Message;
            }
        });
        int[] found = [.. Enumerable.Range(0, rows.Length).Where(i => pictures[i] is not null)];
        return found.Length > 0 || rows.Length == 0
            ? new LoadedPictures([.. found.Select(i => rows[i])], [.. found.Select(i => pictures[i]!)], [.. faults.OfType<string>()])
            : throw new ValidationException($"None of the {rows.Length} pictures could be read. The first: {faults[0]}");
    }

    private static string? LabelOf(Product product) => product.Attributes.GetValueOrDefault(LabelAttribute) ?? product.Category;

    private IEnumerable<int> Where(PicturePart part) => Enumerable.Range(0, Count).Where(i => Parts[i] == part);

    /// <summary>Takes one of so many of each label away, at least one of two or more.</summary>
    private (int[] Others, int[] Drawn) Drawn(int[] rows, int seed, ulong purpose, int share)
    {
        int[] shuffled = [.. rows];
        Learning.Seeds.Random((ulong)seed, purpose).Shuffle(shuffled);
        int[] drawn = [.. shuffled.GroupBy(i => Labels[i], StringComparer.Ordinal).SelectMany(label => label.Take((label.Count() + share - 2) / share)).Order()];
        return ([.. rows.Except(drawn)], drawn);
    }
}

/// <param name="Rows">Number of each in its set.</param>
/// <param name="Faults">Why the others could not be read.</param>
internal sealed record LoadedPictures(int[] Rows, Picture[] Pictures, IReadOnlyList<string> Faults);
