namespace Cartwright.Learning.Autograd;

/// <summary>How the rows of a bag become one.</summary>
public enum BagMode
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest number of each column; its gradient goes to the first row that has it.</summary>
    Max,
}
