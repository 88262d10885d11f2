using FedPure.Reporting.Pictures;
using FsCheck.Xunit;

namespace FedPure.Reporting;

public sealed class PngEncoderTests
{
    [Property(MaxTest = 200)]
    public void Any_image_decodes_to_its_pixels(byte heightLess1, byte widthLess1, bool colour, byte[] pattern, bool smooth)
    {
        int height = heightLess1 % 40 + 1, width = widthLess1 % 40 + 1, channels = colour ? 3 : 1;
        byte[] pixels = [.. Enumerable.Range(0, height * width * channels).Select(i => (byte)((pattern.Length == 0 ? 0 : pattern[i % pattern.Length]) / (smooth ? 16 : 1) + (smooth ? i / width : 0)))];
        var png = DecodedPng.Decode(PngEncoder.Encode(pixels, height, width, channels));
        Assert.Equal((height, width, channels), (png.Height, png.Width, png.Channels));
        Assert.Equal(pixels, png.Pixels);
    }

    [Fact]
    public void Intensities_become_bytes_as_TensorFlow_converts_them()
    {
        // Every byte k over 255 comes back as itself: k/255·255.5 lies in [k, k + 0.5].
        for (int k = 0; k <= 255; k++) Assert.Equal(k, PngEncoder.ToByte(k / 255f));
        float[] outside = [-1f, 2f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.9999f];
        Assert.Equal(new byte[] { 0, 255, 0, 255, 0, 255 }, DecodedPng.Decode(PngEncoder.Encode(outside, 2, 3, 1)).Pixels);
    }

    [Fact]
    public void A_smooth_image_is_much_smaller_than_its_pixels()
    {
        byte[] gradient = [.. Enumerable.Range(0, 100 * 100).Select(i => (byte)(i % 100 + i / 100))];
        Assert.InRange(PngEncoder.Encode(gradient, 100, 100, 1).Length, 1, 400);
    }

    [Fact]
    public void Wrong_sizes_are_named()
    {
        Assert.Contains("6 values, but 5", Assert.Throws<ArgumentException>(() => PngEncoder.Encode(new byte[5], 2, 3, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PngEncoder.Encode(new byte[6], 2, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngEncoder.Encode(Array.Empty<float>(), 0, 3, 1));
    }
}
