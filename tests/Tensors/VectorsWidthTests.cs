using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Vector operations, activations, exp and log have the same bits at every width and every alignment.</summary>
public class VectorsWidthTests
{
    private enum Operation
    {
        AddScaled,
        Dot,
        SumOfSquares,
        AllFinite,
        Relu,
        ReluBackward,
        Exp,
        Log,
        Tanh,
        Sigmoid,
        TanhBackward,
        SigmoidBackward,
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge), InlineData(DataKind.Special)]
    public void Vector_operations_have_the_same_bits_at_every_width(DataKind kind)
    {
        foreach (int n in Sizes.Lengths)
        {
            foreach (var operation in Enum.GetValues<Operation>())
            {
                var run = new VectorRun(operation, kind, n);
                Widths.AssertSameBitsAtEveryOffset(run);
                var expected = run.Run<Lanes1>(0);
                var actual = run.RunPublic();
                Bits.AssertSame(expected.Values, actual.Values, $"{run} at the public entry");
                Bits.AssertSame(expected.Sum, actual.Sum, $"{run} at the public entry");
                Assert.Equal(expected.Count, actual.Count);
            }
        }
    }

    // Longer than any of the lengths above, at every address within a cache line.
    [Fact]
    public void Long_sums_have_the_same_bits_at_every_address()
    {
        foreach (int n in (ReadOnlySpan<int>)[1023, 1024, 1025, 1087, 1088, 1103, 1104, 2047, 5000])
        {
            float[] x = Samples.Create(DataKind.Plain, n, 1), y = Samples.Create(DataKind.Plain, n, 2);
            float dot = Vectors.Dot<Lanes1>(x, y), squares = Vectors.SumOfSquares<Lanes1>(x);
            for (int offset = 0; offset < 17; offset++)
            {
                GuardedBuffer movedX = new(x, offset), movedY = new(y, (offset + 5) % 17);
                Check<Lanes512>(movedX, movedY);
                Check<Lanes256>(movedX, movedY);
                Check<Lanes128>(movedX, movedY);
                Check<LanesOfVectorT>(movedX, movedY);
            }

            void Check<T>(GuardedBuffer movedX, GuardedBuffer movedY) where T : struct, ILanes<T>
            {
                Bits.AssertSame(dot, Vectors.Dot<T>(movedX.Span, movedY.Span), $"Dot of {n}, {typeof(T).Name}");
                Bits.AssertSame(squares, Vectors.SumOfSquares<T>(movedX.Span), $"squares of {n}, {typeof(T).Name}");
            }
        }
    }

    private sealed record VectorRun(Operation Operation, DataKind Kind, int Length) : IKernelRun
    {
        private const float Alpha = -0.37f;

        private readonly float[] _x = Samples.Create(Kind, Length, 1), _y = Samples.Create(Kind, Length, 2);

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            GuardedBuffer x = new(_x, offset), y = new(_y, (offset + 1) % 4);
            float sum = 0f;
            bool finite = false;
            switch (Operation)
            {
                case Operation.AddScaled: Vectors.AddScaled<T>(x.Span, Alpha, y.Span); break;
                case Operation.Dot: sum = Vectors.Dot<T>(x.Span, y.Span); break;
                case Operation.SumOfSquares: sum = Vectors.SumOfSquares<T>(x.Span); break;
                case Operation.AllFinite: finite = Vectors.AllFinite<T>(x.Span); break;
                case Operation.Relu: Activation.Relu<T>(y.Span); break;
                case Operation.ReluBackward: Activation.ReluBackward<T>(x.Span, y.Span); break;
                case Operation.TanhBackward: Activation.TanhBackward<T>(x.Span, y.Span); break;
                case Operation.SigmoidBackward: Activation.SigmoidBackward<T>(x.Span, y.Span); break;
                default: Map<T>(y.Span); break;
            }

            x.AssertUnchanged(_x, $"{this}, x");
            return new(y.Values($"{this}, y"), sum, finite ? 1 : 0);
        }

        public KernelResult RunPublic()
        {
            float[] y = [.. _y];
            float sum = 0f;
            bool finite = false;
            switch (Operation)
            {
                case Operation.AddScaled: Vectors.AddScaled(_x, Alpha, y); break;
                case Operation.Dot: sum = Vectors.Dot(_x, y); break;
                case Operation.SumOfSquares: sum = Vectors.Dot(_x, _x); break;
                case Operation.AllFinite: finite = Vectors.AllFinite(_x); break;
                case Operation.Relu: Activation.Relu(y); break;
                case Operation.ReluBackward: Activation.ReluBackward(_x, y); break;
                case Operation.Exp: Elementary.Exp(y, y); break;
                case Operation.Log: Elementary.Log(y, y); break;
                case Operation.Tanh: Elementary.Tanh(y, y); break;
                case Operation.Sigmoid: Elementary.Sigmoid(y, y); break;
                case Operation.TanhBackward: Activation.TanhBackward(_x, y); break;
                case Operation.SigmoidBackward: Activation.SigmoidBackward(_x, y); break;
            }

            return new(y, sum, finite ? 1 : 0);
        }

        public override string ToString() => $"{Operation} of {Length} {Kind}";

        // Elementary gives its lanes away one by one; what is left at the end of the span is not a loop of the library's.
        private void Map<T>(Span<float> x) where T : struct, ILanes<T>
        {
            for (int i = 0; i < x.Length; i++)
            {
                float[] lanes = new float[T.Width];
                lanes.AsSpan().Fill(x[i]);
                T value = T.Load(ref lanes[0], 0);
                value = Operation switch
                {
                    Operation.Exp => Elementary.Exp(value),
                    Operation.Log => Elementary.Log(value),
                    Operation.Tanh => Elementary.Tanh(value),
                    _ => Elementary.Sigmoid(value),
                };
                T.Store(value, ref lanes[0], 0);
                foreach (float lane in lanes) Bits.AssertSame(lanes[0], lane, typeof(T).Name);
                x[i] = lanes[0];
            }
        }
    }
}
