namespace Cartwright.Learning.Kernels;

/// <summary>A recurrent layer over whole sequences, forward and backward through time.</summary>
/// <remarks>
/// The products of all inputs are done before, those for the weights' gradients after, each as one large product. What is left for a
/// step is the product with the state and the gates. A block of sequences runs through all its steps on one thread, its states in the
/// nearest cache, so threads never wait for each other at a step. Backward as Werbos, "Backpropagation Through Time", 1990.
/// </remarks>
internal static unsafe class RecurrentKernel
{
    /// <summary>Turns <see cref="RecurrentPass.Gates"/> into gates, writes outputs and final states.</summary>
    public static void Forward<TCell>(in RecurrentPass pass)
        where TCell : struct, IRecurrentCell
    {
        pass.ThrowUnlessSound<TCell>();
        int size = pass.Size;
        int columns = TCell.GateCount * size;
        MultiplyAdds.Count((long)pass.Sequences.Tokens * columns * size);
        fixed (float* weight = pass.HiddenWeight, inputBias = pass.InputBias, hiddenBias = pass.HiddenBias, gates = pass.Gates,
            kept = pass.Kept, output = pass.Output, initialHidden = pass.InitialHidden, initialMemory = pass.InitialMemory,
            finalHidden = pass.FinalHidden, finalMemory = pass.FinalMemory)
        {
            float* memory = Scratch.Take(Scratch.Use.RecurrentWeights, TiledMatrix.Size(size, columns));
            ParallelWork.For(pass.Sequences.Count, new ForwardBlock<TCell>
            {
                Sequences = pass.Sequences,
                IsReversed = pass.IsReversed,
                Size = size,
                Weight = new TiledMatrix(MatrixView.Contiguous(weight, size, columns, isTransposed: true), size, columns, memory),
                InputBias = inputBias,
                HiddenBias = hiddenBias,
                Gates = gates,
                Kept = kept,
                Output = output + pass.OutputColumn,
                OutputColumns = pass.OutputColumns,
                InitialHidden = initialHidden,
                InitialMemory = initialMemory,
                FinalHidden = finalHidden,
                FinalMemory = finalMemory,
            });
        }
    }

    /// <summary>
    /// Turns the gates into the gradients of the inputs' side, and what a GRU kept into that of its product; padding is zero in both.
    /// </summary>
    /// <param name="pass">As <see cref="Forward"/> left it, its final states replaced by their gradients or by nothing.</param>
    /// <param name="gradOutput">[tokens, OutputColumns]</param>
    /// <param name="previous">Is given the state before each step, [tokens, size], zero at the padding.</param>
    /// <param name="gradInitialHidden">The gradient is added to it, [sequences, size]; nothing where it is not asked for.</param>
    /// <param name="gradInitialMemory">The same for an LSTM's memory.</param>
    public static void Backward<TCell>(
        in RecurrentPass pass,
        ReadOnlySpan<float> gradOutput,
        Span<float> previous,
        Span<float> gradInitialHidden,
        Span<float> gradInitialMemory)
        where TCell : struct, IRecurrentCell
    {
        pass.ThrowUnlessSound<TCell>();
        int size = pass.Size;
        int columns = TCell.GateCount * size;
        ShapeException.ThrowUnlessLength(gradOutput.Length, pass.Output.Length);
        ShapeException.ThrowUnlessLength(previous.Length, (long)pass.Sequences.Tokens * size);
        RecurrentPass.ThrowUnlessStates(gradInitialHidden, (long)pass.Sequences.SequenceCount * size);
        RecurrentPass.ThrowUnlessStates(gradInitialMemory, (long)pass.Sequences.SequenceCount * size);
        pass.Sequences.ClearGaps(pass.Gates, columns);
        pass.Sequences.ClearGaps(previous, size);
        if (TCell.KeepsLastProduct)
        {
            pass.Sequences.ClearGaps(pass.Kept, size);
        }

        fixed (float* weight = pass.HiddenWeight, gates = pass.Gates, kept = pass.Kept, output = pass.Output,
            initialHidden = pass.InitialHidden, initialMemory = pass.InitialMemory, gradFinalHidden = pass.FinalHidden,
            gradFinalMemory = pass.FinalMemory, grad = gradOutput, before = previous, gradHidden = gradInitialHidden,
            gradMemory = gradInitialMemory)
        {
            float* memory = Scratch.Take(Scratch.Use.RecurrentWeights, TiledMatrix.Size(columns, size));
            ParallelWork.For(pass.Sequences.Count, new BackwardBlock<TCell>
            {
                Sequences = pass.Sequences,
                IsReversed = pass.IsReversed,
                Size = size,
                Weight = new TiledMatrix(MatrixView.Contiguous(weight, columns, size, isTransposed: false), columns, size, memory),
                Gates = gates,
                Kept = kept,
                Output = output + pass.OutputColumn,
                OutputColumns = pass.OutputColumns,
                InitialHidden = initialHidden,
                InitialMemory = initialMemory,
                GradFinalHidden = gradFinalHidden,
                GradFinalMemory = gradFinalMemory,
                GradOutput = grad + pass.OutputColumn,
                Previous = before,
                GradInitialHidden = gradHidden,
                GradInitialMemory = gradMemory,
            });
        }
    }

    private static void CopyRow(float* from, float* to, int size) => new ReadOnlySpan<float>(from, size).CopyTo(new Span<float>(to, size));

    /// <summary>Copies a sequence's row of [sequences, size], or zeros where there is none.</summary>
    private static void CopyState(float* states, int sequence, float* to, int size)
    {
        if (states == null)
        {
            new Span<float>(to, size).Clear();
        }
        else
        {
            CopyRow(states + ((nint)sequence * size), to, size);
        }
    }

    private struct ForwardBlock<TCell> : IWorkItem
        where TCell : struct, IRecurrentCell
    {
        public SequenceBlocks Sequences;
        public bool IsReversed;
        public int Size;
        public TiledMatrix Weight;
        public float* InputBias;
        public float* HiddenBias;
        public float* Gates;
        public float* Kept;
        public float* Output;
        public int OutputColumns;
        public float* InitialHidden;
        public float* InitialMemory;
        public float* FinalHidden;
        public float* FinalMemory;

        public readonly void Run(int index)
        {
            int rows = Sequences.RowCount(index);
            int columns = TCell.GateCount * Size;
            float* hidden = Scratch.Take(Scratch.Use.RecurrentStates, (nint)2 * rows * Size);
            float* firstMemory = hidden + ((nint)rows * Size);
            float* product = Scratch.Take(Scratch.Use.RecurrentProducts, (nint)rows * columns);
            new Span<float>(hidden, rows * Size).Clear();
            for (int row = 0; row < rows; row++)
            {
                CopyState(InitialHidden, Sequences.Sequence(index, row), hidden + ((nint)row * Size), Size);
                CopyState(InitialMemory, Sequences.Sequence(index, row), firstMemory + ((nint)row * Size), Size);
            }

            int active = rows;
            int steps = Sequences.Length(Sequences.Sequence(index, 0));
            for (int step = 0; step < steps; step++)
            {
                while (Sequences.Length(Sequences.Sequence(index, active - 1)) <= step)
                {
                    active--;
                }

                if (step == 0 && InitialHidden == null)
                {
                    new Span<float>(product, active * columns).Clear();
                }
                else
                {
                    Weight.Multiply(hidden, active, product, accumulate: false);
                }

                for (int row = 0; row < active; row++)
                {
                    int sequence = Sequences.Sequence(index, row);
                    nint token = Sequences.Token(sequence, step, IsReversed);
                    nint before = token + (IsReversed ? 1 : -1);
                    float* state = hidden + ((nint)row * Size);
                    TCell.Forward(
                        new CellRow
                        {
                            Gates = Gates + (token * columns),
                            Product = product + ((nint)row * columns),
                            InputBias = InputBias,
                            HiddenBias = HiddenBias,
                            Previous = state,
                            Hidden = state,
                            PreviousKept = step == 0 ? firstMemory + ((nint)row * Size) : Kept + (before * Size),
                            Kept = Kept + (token * Size),
                        },
                        Size);
                    CopyRow(state, Output + (token * OutputColumns), Size);
                }
            }

            for (int row = 0; row < rows; row++)
            {
                Finish(Sequences.Sequence(index, row), hidden + ((nint)row * Size), firstMemory + ((nint)row * Size));
            }
        }

        private readonly void Finish(int sequence, float* hidden, float* firstMemory)
        {
            int length = Sequences.Length(sequence);
            if (FinalHidden != null)
            {
                CopyRow(hidden, FinalHidden + ((nint)sequence * Size), Size);
            }

            if (FinalMemory != null)
            {
                float* last = length == 0 ? firstMemory : Kept + ((nint)Sequences.Token(sequence, length - 1, IsReversed) * Size);
                CopyRow(last, FinalMemory + ((nint)sequence * Size), Size);
            }
        }
    }

    private struct BackwardBlock<TCell> : IWorkItem
        where TCell : struct, IRecurrentCell
    {
        public SequenceBlocks Sequences;
        public bool IsReversed;
        public int Size;
        public TiledMatrix Weight;
        public float* Gates;
        public float* Kept;
        public float* Output;
        public int OutputColumns;
        public float* InitialHidden;
        public float* InitialMemory;
        public float* GradFinalHidden;
        public float* GradFinalMemory;
        public float* GradOutput;
        public float* Previous;
        public float* GradInitialHidden;
        public float* GradInitialMemory;

        public readonly void Run(int index)
        {
            int rows = Sequences.RowCount(index);
            int columns = TCell.GateCount * Size;
            float* gradHidden = Scratch.Take(Scratch.Use.RecurrentStates, ((nint)(2 * rows) + 1) * Size);
            float* gradMemory = gradHidden + ((nint)rows * Size);
            float* firstMemory = gradMemory + ((nint)rows * Size);
            float* product = Scratch.Take(Scratch.Use.RecurrentProducts, (nint)rows * columns);
            new Span<float>(product, rows * columns).Clear();
            for (int row = 0; row < rows; row++)
            {
                CopyState(GradFinalHidden, Sequences.Sequence(index, row), gradHidden + ((nint)row * Size), Size);
                CopyState(GradFinalMemory, Sequences.Sequence(index, row), gradMemory + ((nint)row * Size), Size);
            }

            int active = 0;
            for (int step = Sequences.Length(Sequences.Sequence(index, 0)) - 1; step >= 0; step--)
            {
                while (active < rows && Sequences.Length(Sequences.Sequence(index, active)) > step)
                {
                    active++;
                }

                for (int row = 0; row < active; row++)
                {
                    int sequence = Sequences.Sequence(index, row);
                    nint token = Sequences.Token(sequence, step, IsReversed);
                    nint before = token + (IsReversed ? 1 : -1);
                    float* previous = Previous + (token * Size);
                    float* previousMemory = Kept + (before * Size);
                    if (step == 0)
                    {
                        previousMemory = firstMemory;
                        CopyState(InitialHidden, sequence, previous, Size);
                        CopyState(InitialMemory, sequence, firstMemory, Size);
                    }
                    else
                    {
                        CopyRow(Output + (before * OutputColumns), previous, Size);
                    }

                    TCell.Backward(
                        new CellRow
                        {
                            Gates = Gates + (token * columns),
                            Product = product + ((nint)row * columns),
                            Previous = previous,
                            PreviousKept = previousMemory,
                            Kept = Kept + (token * Size),
                            GradOutput = GradOutput + (token * OutputColumns),
                            GradHidden = gradHidden + ((nint)row * Size),
                            GradKept = gradMemory + ((nint)row * Size),
                        },
                        Size);
                }

                if (step > 0 || GradInitialHidden != null)
                {
                    Weight.Multiply(product, active, gradHidden, accumulate: TCell.PassesHidden);
                }
            }

            for (int row = 0; row < rows; row++)
            {
                nint at = (nint)Sequences.Sequence(index, row) * Size;
                if (GradInitialHidden != null)
                {
                    Reduce.Add(gradHidden + ((nint)row * Size), GradInitialHidden + at, Size);
                }

                if (GradInitialMemory != null)
                {
                    Reduce.Add(gradMemory + ((nint)row * Size), GradInitialMemory + at, Size);
                }
            }
        }
    }
}
