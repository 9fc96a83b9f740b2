namespace Cartwright.Learning.Tables;

/// <summary>Rows of a table as a network reads them: numbers, codes of categories, tokens of texts.</summary>
public sealed record TableRows
{
    public required int Count { get; init; }

    /// <summary>Columns of numbers, NaN where one is missing: [columns][rows].</summary>
    public required IReadOnlyList<float[]> Numbers { get; init; }

    /// <summary>Columns of codes from 0: [columns][rows].</summary>
    public required IReadOnlyList<int[]> Categories { get; init; }

    public required IReadOnlyList<TokenColumn> Texts { get; init; }

    /// <summary>Some of the rows, in the order given.</summary>
    public TableRows Select(int[] rows) => new()
    {
        Count = rows.Length,
        Numbers = [.. Numbers.Select(column => Array.ConvertAll(rows, row => column[row]))],
        Categories = [.. Categories.Select(column => Array.ConvertAll(rows, row => column[row]))],
        Texts = [.. Texts.Select(column => column.Select(rows))],
    };
}

/// <summary>A column of texts, each a bag of tokens.</summary>
/// <param name="Starts">Where each row's tokens begin, and the end of the last: [rows + 1].</param>
/// <param name="Tokens">Ids from 0.</param>
public sealed record TokenColumn(int[] Starts, int[] Tokens)
{
    /// <summary>The tokens of a row.</summary>
    public ReadOnlySpan<int> Of(int row) => Tokens.AsSpan(Starts[row]..Starts[row + 1]);

    public TokenColumn Select(ReadOnlySpan<int> rows)
    {
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + Of(rows[i]).Length;
        }

        int[] tokens = new int[starts[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            Of(rows[i]).CopyTo(tokens.AsSpan(starts[i]));
        }

        return new TokenColumn(starts, tokens);
    }
}
