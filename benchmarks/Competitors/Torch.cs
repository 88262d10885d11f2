using FedPure.Benchmarks.Products;
using static TorchSharp.torch;

namespace FedPure.Benchmarks.Competitors;

/// <summary>The product as PyTorch's eager mode does it on one thread: addmm_ into an existing tensor, by way of TorchSharp.</summary>
internal sealed class Torch : IDisposable
{
    private readonly Tensor _a, _b, _left, _right, _c;
    private readonly float _alpha, _beta;

    public Torch(Product shape, float[] a, float[] b)
    {
        set_num_threads(1);
        _a = tensor(a, shape.Form == Form.AtB ? [shape.K, shape.M] : [shape.M, shape.K]);
        _b = tensor(b, shape.Form == Form.ABt ? [shape.N, shape.K] : [shape.K, shape.N]);
        _left = shape.Form == Form.AtB ? _a.t() : _a;
        _right = shape.Form == Form.ABt ? _b.t() : _b;
        _c = zeros(shape.M, shape.N);
        (_alpha, _beta) = shape.Form == Form.AtB ? (Product.Alpha, 1f) : (1f, 0f);
    }

    /// <summary>Null if libtorch loads, else why it does not.</summary>
    public static string? Problem()
    {
        try
        {
            using var one = ones(1);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or NotSupportedException or TypeInitializationException or EntryPointNotFoundException)
        {
            return error.Message.Split('\n')[0];
        }
    }

    public void Multiply()
    {
        using var result = _c.addmm_(_left, _right, _beta, _alpha);
    }

    /// <summary>The product, from c = 0.</summary>
    public void MultiplyTo(float[] c)
    {
        _c.zero_().Dispose();
        Multiply();
        _c.data<float>().CopyTo(c);
    }

    public void Dispose()
    {
        foreach (var one in new[] { _a, _b, _left, _right, _c }) one.Dispose();
    }
}
