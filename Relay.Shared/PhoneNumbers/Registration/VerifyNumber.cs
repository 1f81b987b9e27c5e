using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>
/// <c>request_code</c> and <c>verify_code</c>: a business proves that it holds a number that it added itself. A code lives ten minutes and takes five
/// guesses; an hour sees five codes.
/// </summary>
public sealed class VerifyNumber(AccountDirectory accounts, DetailStore details, INumberCodeSender sender, TimeProvider time)
{
    private const int CodeDigits = 6;
    private const int MaxLanguage = 6;

    public async Task<Result<SuccessResponse, GraphError>> RequestAsync(
        Caller caller, PhoneNumberId id, RequestCodeRequest request, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? refusal))
        {
            return refusal;
        }

        CodeMethod? method = request.Method switch { "SMS" => CodeMethod.Sms, "VOICE" => CodeMethod.Voice, _ => null };
        if (method is not { } way)
        {
            return GraphErrorCode.InvalidParameter.Because("code_method must be SMS or VOICE.");
        }

        if (request.Language is not { Length: >= 2 and <= MaxLanguage } language || !language.All(c => char.IsAsciiLetter(c) || c == '_'))
        {
            return GraphErrorCode.InvalidParameter.Because("language must be a language and country such as en_US.");
        }

        Secret code = new(RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture));
        CodeHash hash = CodeHash.Of(code);
        DetailChange<RegistrationState> sent = await ChangeAsync(number, state => state.Send(hash, time.GetUtcNow()), cancellationToken);
        if (sent.Refusal is { } wrong)
        {
            return wrong;
        }

        await sender.SendAsync(number.Number, way, language, code, cancellationToken);
        return new SuccessResponse();
    }

    public async Task<Result<JsonObject, GraphError>> VerifyAsync(
        Caller caller, PhoneNumberId id, VerifyCodeRequest request, CancellationToken cancellationToken)
    {
        if (!(await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).TryGet(out BusinessNumber? number, out GraphError? refusal))
        {
            return refusal;
        }

        string code = (request.Code ?? string.Empty).Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal);
        if (code.Length != CodeDigits || !code.All(char.IsAsciiDigit))
        {
            return GraphErrorCode.InvalidParameter.Because($"code must have {CodeDigits} digits.");
        }

        DetailChange<RegistrationState> guessed = await ChangeAsync(number, state => state.GuessCode(time.GetUtcNow()), cancellationToken);
        if (guessed.Refusal is { } wrong)
        {
            return wrong;
        }

        if (guessed.Next?.Code is not { } hash || !hash.Matches(code))
        {
            return GraphErrorCode.CodeNotVerified.Because("The code is not the one that was sent last.");
        }

        await ChangeAsync(number, state => new(state.Verify()), cancellationToken);
        return new JsonObject { ["success"] = true, ["id"] = id.Value };
    }

    private Task<DetailChange<RegistrationState>> ChangeAsync(
        BusinessNumber number, Func<RegistrationState, DetailChange<RegistrationState>> change, CancellationToken cancellationToken) =>
        details.ChangeAsync(
            number.Business, DetailRows.Registration(number.Id), RegistrationJson.Default.RegistrationState, state => change(Of(number, state)), cancellationToken);

    /// <summary>What the operator has registered it vouches for, whatever was asked for before.</summary>
    internal static RegistrationState Of(BusinessNumber number, RegistrationState? state) => state switch
    {
        null => new RegistrationState(),
        { IsVerified: false } when number.Credential is not null => state with { IsVerified = true },
        _ => state,
    };
}
