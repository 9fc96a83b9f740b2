namespace Cartwright.Learning.Kernels;

/// <summary>One step of one sequence: where a cell reads and writes. Each pointer leads to a row.</summary>
internal unsafe struct CellRow
{
    /// <summary>[gates · size]: what the input gives, W·x; after the step the gates; after its backward their gradients.</summary>
    public float* Gates;

    /// <summary>[gates · size]: what the state gives, U·h; in the backward its gradient, to be written.</summary>
    public float* Product;

    /// <summary>[gates · size]</summary>
    public float* InputBias;

    /// <summary>[gates · size]</summary>
    public float* HiddenBias;

    /// <summary>[size]: the state before the step.</summary>
    public float* Previous;

    /// <summary>[size]: the state after the step.</summary>
    public float* Hidden;

    /// <summary>[size]: what an LSTM remembered before the step.</summary>
    public float* PreviousKept;

    /// <summary>[size]: what an LSTM remembers after the step, or what a GRU keeps for its backward and then the gradient of that.</summary>
    public float* Kept;

    /// <summary>[size]: the gradient of the output at this step.</summary>
    public float* GradOutput;

    /// <summary>[size]: the gradient of the state after the step, from later steps; then the part of the gradient of the state before it
    /// that takes no way through <see cref="Product"/>.</summary>
    public float* GradHidden;

    /// <summary>[size]: the gradient of <see cref="Kept"/> of an LSTM, from later steps; then of <see cref="PreviousKept"/>.</summary>
    public float* GradKept;
}

/// <summary>The formulas of a recurrent cell, for one row: the products with the weights are done around it.</summary>
internal unsafe interface IRecurrentCell
{
    static abstract int GateCount { get; }

    /// <summary>True where a part of the state goes to the next step as it is, past the weights.</summary>
    static abstract bool PassesHidden { get; }

    /// <summary>True where the bias of the state's side has a gradient of its own for the last gate, kept in <see cref="CellRow.Kept"/>.</summary>
    static abstract bool KeepsLastProduct { get; }

    /// <summary>True where <see cref="CellRow.Kept"/> is a second state.</summary>
    static abstract bool HasMemory { get; }

    static abstract void Forward(in CellRow row, int size);

    static abstract void Backward(in CellRow row, int size);
}
