using FedPure.Tensors.Kernels;
using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>Softmax and cross-entropy have the same bits at every width: gradients, losses and counts.</summary>
public class SoftmaxWidthTests
{
    private enum Operation
    {
        Exponentiate,
        Softmax,
        Backward,
        Evaluate,
    }

    [Theory, InlineData(DataKind.Plain), InlineData(DataKind.Tiny), InlineData(DataKind.Huge), InlineData(DataKind.Special)]
    public void Softmax_and_cross_entropy_have_the_same_bits_at_every_width(DataKind kind)
    {
        foreach (int classCount in Sizes.Lengths)
        {
            if (classCount == 0) continue;
            foreach (int rows in (ReadOnlySpan<int>)[0, 1, 2, 15, 16, 17, 33])
            {
                foreach (var operation in Enum.GetValues<Operation>())
                {
                    if (operation == Operation.Exponentiate && rows != 1) continue;
                    var run = new SoftmaxRun(operation, kind, rows, classCount);
                    Widths.AssertSameBitsAtEveryOffset(run);
                    var expected = run.Run<Lanes1>(0);
                    var actual = run.RunPublic();
                    if (operation == Operation.Exponentiate) continue;
                    if (operation != Operation.Evaluate) Bits.AssertSame(expected.Values, actual.Values, $"{run} at the public entry");
                    Bits.AssertSame(expected.Sum, actual.Sum, $"{run} at the public entry");
                    Assert.Equal(expected.Count, actual.Count);
                }
            }
        }
    }

    private sealed record SoftmaxRun(Operation Operation, DataKind Kind, int Rows, int ClassCount) : IKernelRun
    {
        private readonly float[] _logits = Samples.Create(Kind, Rows * ClassCount, 5);

        private readonly int[] _labels = Samples.Labels(Rows, ClassCount, 6);

        public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
        {
            var logits = new GuardedBuffer(_logits, offset);
            double sum = 0;
            int count = 0;
            if (Operation == Operation.Exponentiate)
            {
                sum = SoftmaxRow.Exponentiate<T>(logits.Span, out float max);
                Assert.True(max == _logits.Where(x => !float.IsNaN(x)).DefaultIfEmpty(float.NegativeInfinity).Max(), $"{this}: maximum {max:R}");
            }
            else if (Operation == Operation.Softmax) Softmax.Rows<T>(logits.Span, ClassCount);
            else sum = CrossEntropy.Rows<T>(logits.Span, _labels, ClassCount, Operation == Operation.Backward, out count);
            return new(logits.Values($"{this}, logits"), sum, count);
        }

        public KernelResult RunPublic()
        {
            float[] logits = [.. _logits];
            double sum = 0;
            int count = 0;
            if (Operation == Operation.Softmax) Softmax.Forward(_logits, logits, ClassCount);
            else if (Operation == Operation.Backward) sum = CrossEntropy.SoftmaxBackward(logits, _labels, ClassCount, out count);
            else if (Operation == Operation.Evaluate) sum = CrossEntropy.Evaluate(logits, _labels, ClassCount, out count);
            return new(logits, sum, count);
        }

        public override string ToString() => $"{Operation} of {Rows}×{ClassCount} {Kind}";
    }
}
