namespace FedPure.Tensors;

/// <summary>The lengths at which loops over 4, 8, 16 and 32 lanes change what they do, and the shapes that federated learning uses.</summary>
internal static class Sizes
{
    // Below this many multiply-adds every combination runs; of the larger ones a sample does.
    private const long SmallProduct = 12_000;

    private const int SampledProducts = 120;

    public static ReadOnlySpan<int> Lengths => [0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257];

    /// <summary>m, k, n of the tutorial's and the perceptron's products at batch 20.</summary>
    public static (int M, int K, int N)[] Federated { get; } = [(20, 784, 10), (20, 784, 200), (10, 20, 784), (200, 20, 200)];

    /// <summary>All small combinations of <see cref="Lengths"/>, a fixed sample of the large ones, and <see cref="Federated"/>.</summary>
    public static (int M, int K, int N)[] Products { get; } = [.. Small(), .. Sample(), .. Federated];

    private static List<(int M, int K, int N)> Small() => Combinations(large: false);

    private static (int M, int K, int N)[] Sample()
    {
        var large = Combinations(large: true).ToArray();
        new Random(1).Shuffle(large);
        return large[..SampledProducts];
    }

    private static List<(int M, int K, int N)> Combinations(bool large)
    {
        var shapes = new List<(int M, int K, int N)>();
        foreach (int m in Lengths)
        {
            foreach (int k in Lengths)
            {
                foreach (int n in Lengths)
                {
                    if ((long)m * k * n > SmallProduct == large) shapes.Add((m, k, n));
                }
            }
        }

        return shapes;
    }
}
