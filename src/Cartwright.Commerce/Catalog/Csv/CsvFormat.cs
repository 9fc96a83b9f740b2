using CsvHelper;

namespace Cartwright.Commerce.Catalog.Csv;

/// <summary>How one of a shop folder's files keeps its records.</summary>
/// <typeparam name="T">The record of a row.</typeparam>
internal abstract class CsvFormat<T>
{
    /// <summary>Name without extension: "interactions".</summary>
    public abstract string Name { get; }

    /// <summary>The columns it knows, in the order they are written. <see cref="Read"/> asks for them by their place here.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The columns without which the file says nothing.</summary>
    public abstract IReadOnlyList<string> Required { get; }

    /// <summary>True where other columns are attributes of the record; if not they are left out and reported.</summary>
    public virtual bool KeepsExtras => false;

    /// <summary>True where <see cref="Key"/> may stand in one row only.</summary>
    public virtual bool HasKey => false;

    public virtual string Key(T record) => "";

    public abstract T Read(CsvRow row);

    /// <returns>What is wrong with the record; null where nothing is.</returns>
    public abstract string? Check(T record);

    /// <summary>Writes the fields of one row, in the order of <see cref="Columns"/>.</summary>
    public abstract void Write(CsvWriter writer, T record);

    /// <summary>What the record keeps of <see cref="KeepsExtras"/> columns.</summary>
    public virtual IReadOnlyDictionary<string, string> Extras(T record) => EmptyAttributes.Instance;
}
