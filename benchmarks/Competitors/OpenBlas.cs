using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FedPure.Benchmarks.Products;

namespace FedPure.Benchmarks.Competitors;

/// <summary>cblas_sgemm of the system's OpenBLAS, on one thread.</summary>
internal static partial class OpenBlas
{
    public const string Install = "apt-get install libopenblas0-pthread";

    public const string CoreTypeVariable = "OPENBLAS_CORETYPE";

    private const string Library = "libopenblas.so.0";

    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    /// <summary>
    /// The kernels that OpenBLAS must be told of, by a variable that it reads when it loads: on a virtual machine whose CPU it does not know it falls to a
    /// generic path at a fifth of the speed. What the environment says already stands.
    /// </summary>
    public static string CoreType { get; } = Environment.GetEnvironmentVariable(CoreTypeVariable)
        ?? (Vector512.IsHardwareAccelerated ? "SkylakeX" : IsAmd() ? "Zen" : "Haswell");

    /// <summary>Whether the library is there and says how it was built.</summary>
    public static bool TryDescribe(out string description)
    {
        bool found = NativeLibrary.TryLoad(Library, out nint handle);
        description = found ? Marshal.PtrToStringUTF8(Config()) ?? "" : "";
        if (found) NativeLibrary.Free(handle);
        return found;
    }

    /// <summary>The name of the kernels that it runs here.</summary>
    public static string CoreName() => Marshal.PtrToStringUTF8(CoreNameOf()) ?? "";

    public static void UseOneThread() => SetThreads(1);

    public static void Multiply(Product shape, ReadOnlySpan<float> aSpan, ReadOnlySpan<float> bSpan, Span<float> cSpan)
    {
        ref readonly float a = ref MemoryMarshal.GetReference(aSpan);
        ref readonly float b = ref MemoryMarshal.GetReference(bSpan);
        ref float c = ref MemoryMarshal.GetReference(cSpan);
        (int m, int k, int n) = (shape.M, shape.K, shape.N);
        switch (shape.Form)
        {
            case Form.AB: Sgemm(RowMajor, NoTranspose, NoTranspose, m, n, k, 1f, in a, k, in b, n, 0f, ref c, n); break;
            case Form.ABt: Sgemm(RowMajor, NoTranspose, Transpose, m, n, k, 1f, in a, k, in b, k, 0f, ref c, n); break;
            default: Sgemm(RowMajor, Transpose, NoTranspose, m, n, k, Product.Alpha, in a, m, in b, n, 1f, ref c, n); break;
        }
    }

    private static bool IsAmd() => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x68747541; // "Auth" of AuthenticAMD

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, in float a, int lda, in float b, int ldb, float beta, ref float c, int ldc);

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    private static partial void SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial nint Config();

    [LibraryImport(Library, EntryPoint = "openblas_get_corename")]
    private static partial nint CoreNameOf();
}
