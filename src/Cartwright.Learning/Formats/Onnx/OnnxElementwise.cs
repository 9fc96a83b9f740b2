using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Operators that treat every number alone.</summary>
internal static class OnnxElementwise
{
    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        Binary("Add", (x, y) => x + y, (x, y) => x + y);
        Binary("Sub", (x, y) => x - y, (x, y) => x - y);
        Binary("Mul", (x, y) => x * y, (x, y) => x * y);
        Binary("Div", (x, y) => x / y, OnnxIntegers.Divide);
        Binary("Pow", Power, OnnxIntegers.Power);
        operators["Mod"] = call => [OnnxIntegers.Map(call[0], call[1], call.Int("fmod", 0) == 1 ? OnnxIntegers.Remainder : OnnxIntegers.Modulo)];
        Binary("And", Unwanted, (x, y) => x & y);
        Binary("Or", Unwanted, (x, y) => x | y);
        Binary("Xor", Unwanted, (x, y) => x ^ y);
        Comparison("Equal", (x, y) => x == y);
        Comparison("Less", (x, y) => x < y);
        Comparison("LessOrEqual", (x, y) => x <= y);
        Comparison("Greater", (x, y) => x > y);
        Comparison("GreaterOrEqual", (x, y) => x >= y);
        operators["Not"] = call => [OnnxIntegers.Map(call[0], x => x == 0 ? 1 : 0)];
        Series("Max", (x, y) => x.Maximum(y), Math.Max);
        Series("Min", (x, y) => x.Minimum(y), Math.Min);
        Series("Sum", (x, y) => x + y, (x, y) => x + y);
        operators["Mean"] = call => [Enumerable.Range(1, call.InputCount - 1).Aggregate(call.Tensor(0), (sum, i) => sum + call.Tensor(i)) * (1f / call.InputCount)];

        operators["Relu"] = call => [call[0].IsFloat ? call.Tensor(0).Relu() : OnnxIntegers.Map(call[0], x => Math.Max(0, x))];
        Function("Sigmoid", (_, x) => x.Sigmoid());
        Function("Tanh", (_, x) => x.Tanh());
        Function("Softplus", (_, x) => x.Softplus());
        Function("Exp", (_, x) => x.Exp());
        Function("Log", (_, x) => x.Log());
        Function("Sqrt", (_, x) => x.Sqrt());
        Function("Erf", (_, x) => x.Erf());
        Function("Sin", (_, x) => x.Sin());
        Function("Cos", (_, x) => x.Cos());
        Function("Reciprocal", (_, x) => Scalar(1) / x);
        Function("Gelu", (call, x) => call.Text("approximate", "none") == "none" ? x.Gelu() : GeluByTanh(x));
        Function("LeakyRelu", (call, x) => x.LeakyRelu(call.Float("alpha", 0.01f)));
        Function("PRelu", (call, x) => x.Relu() - (call.Tensor(1) * (-x).Relu()));
        Function("Elu", (call, x) => x.Elu(call.Float("alpha", 1)));
        Function("Selu", (call, x) => x.Elu(call.Float("alpha", 1.67326319f)) * call.Float("gamma", 1.05070102f));
        Function("HardSigmoid", (call, x) => HardSigmoid(x, call.Float("alpha", 0.2f), call.Float("beta", 0.5f)));
        Function("HardSwish", (_, x) => x.HardSwish());
        Function("Softsign", (_, x) => x / (x.Abs() + Scalar(1)));
        Function("Mish", (_, x) => x * x.Softplus().Tanh());
        operators["Clip"] = Clip;
        Constant("Floor", MathF.Floor);
        Constant("Ceil", MathF.Ceiling);
        Constant("Round", x => MathF.Round(x, MidpointRounding.ToEven));
        operators["Sign"] = call => [call[0].IsFloat
            ? StepOf(call.Tensor(0), x => float.IsNaN(x) ? x : MathF.Sign(x)) : OnnxIntegers.Map(call[0], x => Math.Sign(x))];
        operators["IsNaN"] = call => [OnnxIntegers.Compare(call[0], call[0], (x, _) => double.IsNaN(x))];
        operators["Neg"] = call => [call[0].IsFloat ? -call.Tensor(0) : OnnxIntegers.Map(call[0], x => -x)];
        operators["Abs"] = call => [call[0].IsFloat ? call.Tensor(0).Abs() : OnnxIntegers.Map(call[0], Math.Abs)];
        operators["Where"] = Where;
        operators["Cast"] = Cast;
        operators["CastLike"] = call => [ToKind(call[0], call[1].IsFloat, call[1].IsBoolean)];

        void Function(string name, Func<OnnxCall, Tensor, Tensor> f) => operators[name] = call => [f(call, call.Tensor(0))];

        void Constant(string name, Func<float, float> f) => operators[name] = call => [StepOf(call.Tensor(0), f)];

        void Binary(string name, Func<Tensor, Tensor, Tensor> ofFloats, Func<long, long, long> ofIntegers) => operators[name] = call =>
            [call[0].IsFloat || call[1].IsFloat ? ofFloats(call.Tensor(0), call.Tensor(1)) : OnnxIntegers.Map(call[0], call[1], ofIntegers, call[0].IsBoolean)];

        void Comparison(string name, Func<double, double, bool> isSo) => operators[name] = call => [OnnxIntegers.Compare(call[0], call[1], isSo)];

        void Series(string name, Func<Tensor, Tensor, Tensor> ofFloats, Func<long, long, long> ofIntegers) => operators[name] = call =>
        {
            OnnxValue result = call[0];
            for (int i = 1; i < call.InputCount; i++)
            {
                result = result.IsFloat ? ofFloats(result.Tensor, call.Tensor(i)) : OnnxIntegers.Map(result, call[i], ofIntegers);
            }

            return [result];
        };
    }

    /// <summary>A step function: its slope is 0 wherever it has one.</summary>
    private static Tensor StepOf(Tensor x, Func<float, float> f) => Tensor.From(Array.ConvertAll(x.ToArray(), number => f(number)), x.Dimensions);

    private static Tensor Scalar(float value) => Tensor.From([value]);

    private static Tensor Unwanted(Tensor x, Tensor y) => throw new ShapeException("Conditions are needed, and floats were given.");

    private static Tensor HardSigmoid(Tensor x, float alpha, float beta) =>
        (alpha, beta) is (1 / 6f, 0.5f) ? x.HardSigmoid() : ((x * alpha) + Scalar(beta)).Clip(0, 1);

    /// <summary>The form with tanh(√(2/π) (x + 0.044715 x³)).</summary>
    private static Tensor GeluByTanh(Tensor x) => x * ((((x + (x * x * x * 0.044715f)) * MathF.Sqrt(2 / MathF.PI)).Tanh() + Scalar(1)) * 0.5f);

    private static Tensor Power(Tensor x, Tensor y) => y.Length == 1 && y.Rank <= x.Rank
        ? y.Values[0] switch { 2 => x * x, 0.5f => x.Sqrt(), 1 => x, _ => x.Pow(y) }
        : x.Pow(y);

    /// <summary>Where the bounds are the wrong way around the upper one holds, as the standard has it.</summary>
    private static OnnxValue[] Clip(OnnxCall call)
    {
        if (call[0].IsFloat)
        {
            float most = call.Float("max", 2, float.MaxValue);
            return [call.Tensor(0).Clip(MathF.Min(call.Float("min", 1, float.MinValue), most), most)];
        }

        long least = call.Optional(1)?.Whole[0] ?? long.MinValue, largest = call.Optional(2)?.Whole[0] ?? long.MaxValue;
        return [OnnxIntegers.Map(call[0], x => Math.Min(Math.Max(x, least), largest))];
    }

    private static OnnxValue[] Where(OnnxCall call)
    {
        if (call[1].IsFloat)
        {
            return [Selection.Where(call.Tensor(0), call.Tensor(1), call.Tensor(2))];
        }

        // condition ? x : y, as x where it is 1, plus y where it is 0.
        OnnxValue chosen = OnnxIntegers.Map(call[0], call[1], (condition, x) => condition != 0 ? x : 0);
        OnnxValue other = OnnxIntegers.Map(call[0], call[2], (condition, y) => condition != 0 ? 0 : y);
        return [OnnxIntegers.Map(chosen, other, (x, y) => x + y, call[1].IsBoolean)];
    }

    private static OnnxValue[] Cast(OnnxCall call)
    {
        var to = new OnnxElement(call.Int("to", OnnxElement.Float));
        OnnxCall.Expect(to.IsKnown, $"Type {call.Int("to", OnnxElement.Float)}");
        return [ToKind(call[0], to.IsFloat, to.IsBoolean)];
    }

    private static OnnxValue ToKind(OnnxValue x, bool isFloat, bool isBoolean)
    {
        if (isFloat)
        {
            return x.AsTensor();
        }

        long[] whole = x.IsFloat
            ? Array.ConvertAll(x.Tensor.ToArray(), v => isBoolean ? v == 0 ? 0 : 1 : float.IsNaN(v) ? 0 : (long)v)
            : isBoolean ? Array.ConvertAll(x.Whole, v => v == 0 ? 0L : 1) : x.Whole;
        return OnnxValue.Whole64(whole, x.Sizes, isBoolean);
    }
}
