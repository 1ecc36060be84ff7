import java.io.File;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** For each file one line: its name, the rules of PDF/A-3a that it breaks, those of PDF/UA-1; between tabs. */
class Vera {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files)
            System.out.println(new File(file).getName()
                + "\t" + broken(file, PDFAFlavour.PDFA_3_A) + "\t" + broken(file, PDFAFlavour.PDFUA_1));
    }

    private static String broken(String file, PDFAFlavour flavour) throws Exception {
        try (var parser = Foundries.defaultInstance().createParser(new File(file), flavour);
             var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            var result = validator.validate(parser);
            if (result.isCompliant()) return "";
            return result.getFailedChecks().keySet().stream()
                .map(rule -> rule.getClause() + "-" + rule.getTestNumber()).sorted().collect(Collectors.joining(" "));
        }
    }
}
