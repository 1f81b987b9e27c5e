namespace Relay.Phone.Commands;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    internal const string Text = """
        A user's device in the terminal.

        Usage: Relay.Phone [command] [options]       without a command: an interactive chat

          register --number +49…  [--code 123456 | --code-dir DIR]
          send     --to NUMBER … [--reply-to ID] [--forwarded once|often] [--json] [--envelopes]     one of:
                   --text TEXT
                   --file PATH [--as image|video|audio|document|sticker] [--caption TEXT] [--voice]
                   --location LATITUDE,LONGITUDE [--name TEXT] [--address TEXT]
                   --contact NAME [--phone NUMBER]
                   --order CATALOGUE --product ID [--quantity N]
                   --poll QUESTION                     a business is told of something unsupported
                   --raw JSON                          a message object as it is
          answer   --to NUMBER [--message ID] [--choice N] [--form JSON]        presses what a message offers, the latest unless named
          react    --to NUMBER --message ID [--emoji EMOJI]                     without an emoji takes it back
          edit     --to NUMBER --message ID --text TEXT
          revoke   --to NUMBER --message ID
          save     --from NUMBER [--message ID] [--out PATH]                    the file of a message, the latest unless named
          played   --to NUMBER --message ID                                     a voice message was listened to
          receive  [--json] [--wait SECONDS] [--count N] [--envelopes] [--no-receipts] [--mark-read]
          read     --ids ID… | --all
          report   --from NUMBER [--message ID] [--with-content]                a business's message was unwanted, the latest unless named
          block    [--number NUMBER]                                            keeps a business's messages away; without a number lists whom
          unblock  --number NUMBER
          safety-number --with NUMBER [--json]         to compare with theirs: the same on both sides, or somebody is in between
          status   [--json]

        Everywhere:
          --transport URL         default: $RELAY_TRANSPORT_URL, or http://127.0.0.1:7071
          --state FILE            default: $RELAY_PHONE_STATE, or ./.relay/phone/phone.state
          --passphrase-env NAME   lock the state with the passphrase in this variable; otherwise with FILE.key
          --help

        receive takes what is there. With --wait or --count it waits (30 s unless told) until N messages (1 unless told) have come.
        report tells the operator nothing of what was said; --with-content shows it, as far as the phone keeps it, sealed for the operator alone.
        send --json always tells the envelope; without --json, --envelopes does.

        --json prints one object per line, members that don't apply are left out:
          {"type":"message","id","from","timestamp","text","message":{Cloud API message},"context":{"id","author"},"quote","forwarded","envelope"}
          {"type":"receipt","from","status":"delivered|read|played","ids":[…]}
          {"type":"sent","id","queued","envelope"}
          {"type":"refused","id","to","reason"}            the transport won't take a message of ours
                                                           (or its reader asked again with another identity key: identityChanged,
                                                           or couldn't decrypt it four times: undecryptable)
          {"type":"undecryptable","id","from","reason","retryAsked"}    an envelope that couldn't be read; was it asked for again?
          {"type":"identityChanged","from"}                the correspondent has another identity key
        safety-number --json: {"with","safetyNumber":"12345 …"}
        envelope is the Signal message as the transport has it, in base64 (receive: only with --envelopes).

        Exit codes: 0 done, 1 failed, 2 not a command line, 3 not all came in time, 4 kept in the outbox for the next run,
        130 interrupted. Errors go to stderr.
        """;
}
