using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Details;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.PhoneNumbers.QrCodes;

/// <summary><c>message_qrdls</c>: a number's QR codes, at most 2,000. Needs the permission whatsapp_business_management.</summary>
public sealed class NumberQrCodes(AccountDirectory accounts, DetailStore details, QrAddresses addresses, ListPages pages, TimeProvider time)
{
    private const int MaxMessage = 140;
    private const int MaxCodes = 2_000;

    public async Task<Result<NodeList, GraphError>> ListAsync(Caller caller, PhoneNumberId id, string code, ListRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (code.Length > 0)
        {
            return await GetAsync(caller, id, code, request.Fields, cancellationToken);
        }

        if (!QrView.Select(request.Fields).TryGet(out FieldSelection? selection, out GraphError? mistake) || !request.Read().TryGet(out ListPosition? position, out mistake))
        {
            return mistake;
        }

        TablePage page = await details.ListAsync(caller.Business, DetailRows.QrCodes(id), position, cancellationToken);
        List<JsonObject> data = [];
        List<string> codes = [];
        foreach (TableRow row in page.Rows)
        {
            codes.Add(row.RowKey[DetailRows.QrCodes(id).Length..]);
            QrCode found = await details.OpenAsync(caller.Business, row, QrCodeJson.Default.QrCode, cancellationToken);
            data.Add(QrView.Show(codes[^1], found, addresses, selection));
        }

        return new NodeList(data, pages.Of(request, codes, page.HasPrevious, page.HasNext));
    }

    public async Task<Result<NodeList, GraphError>> GetAsync(Caller caller, PhoneNumberId id, string code, string fields, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (!QrView.Select(fields).TryGet(out FieldSelection? selection, out GraphError? mistake))
        {
            return mistake;
        }

        QrCode? found = QrCode.IsCode(code)
            ? await details.FindAsync(caller.Business, DetailRows.QrCodes(id) + code, QrCodeJson.Default.QrCode, cancellationToken)
            : null;
        return found is null ? Unknown : new NodeList([QrView.Show(code, found, addresses, selection)]);
    }

    public async Task<Result<JsonObject, GraphError>> SaveAsync(Caller caller, PhoneNumberId id, QrCodeRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (request.PrefilledMessage is not { Length: > 0 } message || message.EnumerateRunes().Count() > MaxMessage)
        {
            return GraphErrorCode.InvalidParameter.Because($"prefilled_message must have 1 to {MaxMessage} characters.");
        }

        QrImageFormat? image = request.Image?.ToUpperInvariant() switch { "SVG" => QrImageFormat.Svg, "PNG" => QrImageFormat.Png, _ => null };
        if (request.Image is not null && image is null)
        {
            return GraphErrorCode.InvalidParameter.Because("generate_qr_image must be SVG or PNG.");
        }

        if (request.Code is not null && !QrCode.IsCode(request.Code))
        {
            return Unknown;
        }

        if (request.Code is null && await details.CountAsync(caller.Business, DetailRows.QrCodes(id), MaxCodes, cancellationToken) >= MaxCodes)
        {
            return GraphErrorCode.InvalidParameter.Because($"A phone number has at most {MaxCodes} QR codes: delete some first.");
        }

        string code = request.Code ?? QrCode.CreateCode();
        DetailChange<QrCode> saved = await details.ChangeAsync(
            caller.Business,
            DetailRows.QrCodes(id) + code,
            QrCodeJson.Default.QrCode,
            before => before is null && request.Code is not null ? new(null, Unknown) : new(new QrCode(message, before?.MadeAt ?? time.GetUtcNow().ToUnixTimeSeconds())),
            cancellationToken);
        return saved.Refusal is { } refused ? refused : QrView.Saved(code, message, addresses, image);
    }

    public async Task<Result<SuccessResponse, GraphError>> DeleteAsync(Caller caller, PhoneNumberId id, string code, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        return QrCode.IsCode(code) && await details.RemoveAsync(caller.Business, DetailRows.QrCodes(id) + code, cancellationToken) ? new SuccessResponse() : Unknown;
    }

    private static GraphError Unknown => GraphErrorCode.UnknownObject.Because("The phone number has no QR code of that code.");
}
