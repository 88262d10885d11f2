namespace FedPure.Tensors;

public class ParallelMatMulTests
{
    [Theory]
    [InlineData(301, 97, 211)]
    [InlineData(64, 513, 400)]
    [InlineData(5, 3, 2)]
    [InlineData(0, 3, 2)]
    public void AnyNumberOfThreadsGivesTheBitsOfOne(int m, int n, int k)
    {
        float[] a = Samples.Create(DataKind.Plain, m * k, 1), b = Samples.Create(DataKind.Plain, k * n, 2), c = new float[m * n];
        foreach (int threads in new[] { 1, 2, 3, 8, -1 })
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
            MatMul.Multiply(a, b, c, m, n, k);
            var expected = c.ToArray();
            Array.Clear(c);
            ParallelMatMul.Multiply(a, b, c, m, n, k, options);
            Assert.Equal(expected, c);

            MatMul.MultiplyTransposedB(a, b, c, m, n, k);
            expected = c.ToArray();
            Array.Clear(c);
            ParallelMatMul.MultiplyTransposedB(a, b, c, m, n, k, options);
            Assert.Equal(expected, c);
        }
    }

    [Theory]
    [InlineData(20, 10, 784, 1)]
    [InlineData(20, 200, 784, 1)]
    [InlineData(128, 128, 128, 1)]
    [InlineData(256, 256, 256, 8)]
    [InlineData(1024, 1024, 1024, 8)]
    [InlineData(6, 4096, 4096, 1)]
    public void SmallProductsStayOnOneThread(int m, int n, int k, int expected) => Assert.Equal(expected, ParallelMatMul.ThreadCount(m, n, k, 8));

    [Fact]
    public void ShapesAreCheckedOnTheCallersThread() =>
        Assert.Throws<ArgumentException>(() => ParallelMatMul.Multiply(new float[3], new float[4], new float[4], 2, 2, 2, new ParallelOptions()));
}
