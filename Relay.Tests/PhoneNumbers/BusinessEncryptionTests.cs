using System.Security.Cryptography;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

public sealed class BusinessEncryptionTests
{
    [Fact]
    public async Task A_public_key_is_kept_and_told_as_valid()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/whatsapp_business_encryption";
        using RSA rsa = RSA.Create(2_048);
        Assert.Empty((await business.GetAsync(path).OkAsync()).Items());

        using MultipartFormDataContent form = new() { { new StringContent(rsa.ExportSubjectPublicKeyInfoPem()), "business_public_key" } };
        await business.PostAsync(form, path: $"{business.PhoneNumberId}/whatsapp_business_encryption").OkAsync();

        JsonElement shown = Assert.Single((await business.GetAsync(path).OkAsync()).Items());
        Assert.Equal("VALID", TestRelay.Text(shown, "business_public_key_signature_status"));
        using RSA read = RSA.Create();
        read.ImportFromPem(TestRelay.Text(shown, "business_public_key"));
        Assert.Equal(rsa.ExportSubjectPublicKeyInfo(), read.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task Anything_but_an_rsa_public_key_of_2048_bits_is_refused()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using RSA small = RSA.Create(1_024);
        using RSA right = RSA.Create(2_048);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string good = right.ExportSubjectPublicKeyInfoPem();
        foreach (string bad in new[]
        {
            "", "key", good[..^40], good.Replace("A", "!", StringComparison.Ordinal), small.ExportSubjectPublicKeyInfoPem(), right.ExportPkcs8PrivateKeyPem(),
            right.ExportRSAPrivateKeyPem(), right.ExportPkcs8PrivateKeyPem() + "\n" + good, curve.ExportSubjectPublicKeyInfoPem(), good + new string('\n', 2_048),
        })
        {
            await business.PostAsync(JsonSerializer.Serialize(new { business_public_key = bad }), path: $"{business.PhoneNumberId}/whatsapp_business_encryption").FailsAsync(100);
        }

        Assert.Empty((await business.GetAsync($"{business.PhoneNumberId}/whatsapp_business_encryption").OkAsync()).Items());
    }
}
