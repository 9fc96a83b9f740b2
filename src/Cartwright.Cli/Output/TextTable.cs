namespace Cartwright.Cli.Output;

/// <summary>Rows under headings. A column whose heading starts with "#" holds numbers and stands right.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public IReadOnlyList<string> Headings { get; } = [.. headings.Select(heading => heading.TrimStart('#'))];

    public IReadOnlyList<string[]> Rows => _rows;

    public bool IsNumber(int column) => headings[column].StartsWith('#');

    public TextTable Row(params string[] cells)
    {
        _rows.Add(cells);
        return this;
    }
}
