using Relay.Shared.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>Templates as they are sent: from storage at most once per <see cref="AccountDirectory.CacheLife"/> and instance.</summary>
public sealed class TemplateDirectory(TemplateStore store, TemplateIds ids, TimeProvider time)
{
    private const int MaxCached = 2_000;

    private readonly ShortCache<(BusinessId Business, string Name, string Language), StoredTemplate> _templates = new(time, AccountDirectory.CacheLife, MaxCached);

    internal ValueTask<StoredTemplate?> FindAsync(BusinessId business, string name, string language, CancellationToken cancellationToken) =>
        _templates.GetAsync((business, name, language), token => LoadAsync(business, name, language, token), cancellationToken);

    /// <summary>The languages that a name has templates in; read from storage.</summary>
    internal async Task<IReadOnlyList<string>> LanguagesAsync(BusinessId business, string name, CancellationToken cancellationToken)
    {
        List<string> languages = [];
        await foreach (StoredTemplate template in store.ListAsync(business, await ids.StartAsync(business, name, cancellationToken), string.Empty, cancellationToken))
        {
            if (template.Definition.Name == name)
            {
                languages.Add(template.Definition.Language);
            }
        }

        return languages;
    }

    internal void Forget(BusinessId business, TemplateDefinition definition) => _templates.Remove((business, definition.Name, definition.Language));

    private async Task<StoredTemplate?> LoadAsync(BusinessId business, string name, string language, CancellationToken cancellationToken) =>
        await store.FindAsync(business, await ids.CreateAsync(business, name, language, cancellationToken), cancellationToken) is { } found
        && found.Definition.Name == name && found.Definition.Language == language
            ? found
            : null;
}
