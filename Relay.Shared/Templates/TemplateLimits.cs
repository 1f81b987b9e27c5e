namespace Relay.Shared.Templates;

/// <summary>How much of what a template may have; the Cloud API's own numbers, lengths in code points.</summary>
public static class TemplateLimits
{
    /// <summary>Templates of one business, each language for itself.</summary>
    public const int Templates = 6_000;

    public const int Name = 512;

    public const int HeaderText = 60;

    public const int Body = 1_024;

    /// <summary>A filled body that is the template's only part.</summary>
    public const int BodyAlone = 32_768;

    public const int Footer = 60;

    public const int Buttons = 10;

    public const int UrlButtons = 2;

    public const int ButtonText = 25;

    public const int Url = 2_000;

    public const int PhoneNumber = 20;

    /// <summary>What a button copies, also the code of an authentication template.</summary>
    public const int Code = 20;

    public const int ExpirationMinutes = 90;

    /// <summary>A template with its examples, as it is stored, in bytes.</summary>
    public const int StoredBytes = 48 * 1024;

    /// <summary>A filled template, in bytes of JSON: it and what goes with it fit one envelope.</summary>
    public const int RenderedBytes = 36 * 1024;
}
